// The bytes of one connection, over a plain socket or over TLS.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "http/tls_context.h"
#include "http/tls_session.h"

namespace millrace::http {

using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

// For its executor's thread only. What is waited for is called back even when the stream is closed,
// and must keep the stream alive.
class Stream {
 public:
  using ErrorCode = boost::system::error_code;
  using OnRead = std::function<void(ErrorCode error, size_t bytes)>;
  using Rest = std::array<boost::asio::const_buffer, 2>;

  // `context` is nullptr without TLS.
  Stream(Socket socket, TlsContextPointer context)
      : socket_(std::move(socket)), context_(std::move(context)) {}

  [[nodiscard]] Socket& socket() { return socket_; }
  // Whether there is a handshake to be done before anything else.
  [[nodiscard]] bool needs_handshake() const { return context_ != nullptr; }
  // Costs nothing until the client has sent something.
  void async_handshake(std::function<void(ErrorCode)> done);
  // nullptr: no TLS, or not any more.
  [[nodiscard]] const TlsSession* tls() const { return tls_.get(); }
  // What is sent from now on is plain: after a handshake that failed.
  void drop_tls() { tls_.reset(); }

  template <typename Done>
  void async_read_some(boost::asio::mutable_buffer to, Done done) {
    if (!tls_) [[likely]] {
      socket_.async_read_some(to, std::move(done));
    } else {
      begin_tls_read(to, std::move(done));
    }
  }

  // What the kernel takes at once, else would_block. After that the next call must be with the same
  // bytes.
  size_t write_some(const Rest& rest, ErrorCode& error) {
    if (!tls_) [[likely]]
      return socket_.write_some(rest, error);
    return write_tls(rest, error);
  }
  template <typename Done>
  void async_wait_to_write(Done done) {
    socket_.async_wait(Socket::wait_write, std::move(done));
  }

  // Ends the sending direction. What is read from now on is of no use.
  void finish_sending(ErrorCode& error);
  // `cleanly`: between messages, so that the peer knows that it misses nothing.
  void close(bool cleanly);

 private:
  void continue_handshake(const std::function<void(ErrorCode)>& done);
  void begin_tls_read(boost::asio::mutable_buffer to, OnRead done);
  void wait_for_tls_read(Socket::wait_type what, boost::asio::mutable_buffer to, OnRead done);
  void read_tls(boost::asio::mutable_buffer to, const OnRead& done);
  size_t write_tls(const Rest& rest, ErrorCode& error);

  Socket socket_;
  TlsContextPointer context_;
  std::unique_ptr<TlsSession> tls_;
};

}  // namespace millrace::http
