// A blocking connection to a server, plain or with TLS.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/tls_context.h"
#include "http/tls_session.h"

namespace millrace::http {

// For one thread at a time. Errors are ServiceUnavailableException with the bare reason.
class ClientStream {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // `stop_descriptor` as in http::Client. `tls` is nullptr without TLS.
  ClientStream(int stop_descriptor, TlsContextPointer tls)
      : stop_descriptor_(stop_descriptor), context_(std::move(tls)) {}
  ~ClientStream() { disconnect(); }
  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  // With TLS the server's certificate must be for `host`.
  Status connect(const std::string& host, const std::string& port, Deadline deadline);
  void disconnect();
  [[nodiscard]] bool is_connected() const { return socket_ >= 0; }
  // Whether the server has closed the idle connection meanwhile, or sends what nobody asked for.
  [[nodiscard]] bool is_stale();

  Status write(ByteView bytes, Deadline deadline);
  // 0: the server sends no more.
  Result<size_t> read_some(char* to, size_t size, Deadline deadline);

 private:
  Status begin_tls(const std::string& host, Deadline deadline);
  // One step, plain or with TLS, which tells what to wait for.
  TlsSession::Outcome write_once(ByteView bytes, size_t& written);
  TlsSession::Outcome read_once(char* to, size_t size, size_t& received);
  // Until the step can be repeated, or why it cannot.
  Status await(TlsSession::Outcome outcome, Deadline deadline);

  const int stop_descriptor_;
  const TlsContextPointer context_;
  int socket_ = -1;
  std::unique_ptr<TlsSession> tls_;
  int error_ = 0;  // errno of the last step that failed
};

}  // namespace millrace::http
