// One client's connection: reads a request, has it handled, writes the response, and again.
#pragma once

#include <memory>
#include <optional>

#include <boost/beast/core/flat_buffer.hpp>

#include "http/loop.h"
#include "http/request_parser.h"
#include "http/stream.h"

namespace millrace::http {

// For its loop's thread only. Kept alive by the loop and by the operations it waits for.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `tls` is nullptr without TLS.
  Connection(Loop& loop, Socket socket, TlsContextPointer tls);

  void start();
  // Unless a request is on its way or being answered.
  void close_if_idle();
  void close();

  [[nodiscard]] std::chrono::steady_clock::time_point deadline() const { return deadline_; }
  void on_deadline();

  // Whether Handler::handle is running for this connection, on this thread.
  [[nodiscard]] bool is_calling_handler() const { return calling_handler_; }
  // The answer to the request in hand; nullopt when it was given up.
  void answer(std::optional<Response> response);

 private:
  enum class State { kHandshaking, kReading, kHandling, kWriting, kLingering, kClosed };

  void on_handshake(boost::system::error_code error);
  // Goes on with what is buffered until there is something to wait for.
  void advance();
  void parse();
  void read();
  void on_read(boost::system::error_code error, size_t bytes);
  void write_continue();
  void handle();
  // Undoes the content coding of the request's body. False when the request was refused.
  bool decode_body(Request& request, ByteBudget::Charge& charge);
  void refuse(int status, std::string_view reason);
  void send(Response response);
  void write();
  void finish_response();
  void linger();
  void expect_within(std::chrono::milliseconds timeout);

  Loop& loop_;
  const ServerOptions& options_;
  Stream stream_;
  std::string remote_address_;
  std::string tls_version_;
  std::string cipher_suite_;
  std::string client_certificate_name_;
  State state_ = State::kReading;
  std::chrono::steady_clock::time_point deadline_;

  boost::beast::flat_buffer buffer_;
  bool reading_ = false;                 // into buffer_, which must not move meanwhile
  std::optional<RequestParser> parser_;  // from a request's first byte to its last

  // Of the request in hand.
  bool keep_alive_ = true;
  bool http_1_0_ = false;
  bool head_ = false;
  bool accepts_gzip_ = false;
  bool calling_handler_ = false;
  std::optional<Response> inline_answer_;

  // Of the response being written.
  bool close_after_write_ = false;
  Bytes response_head_;
  Bytes response_body_;
  size_t written_ = 0;
  ByteBudget::Charge unread_response_;

  size_t lingering_bytes_ = 0;
};

}  // namespace millrace::http
