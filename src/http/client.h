// A blocking HTTP/1.1 client for one server: one connection, kept alive.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "http/client_stream.h"
#include "http/handler.h"

namespace millrace::http {

// For one thread at a time.
class Client {
 public:
  // `host` is a name or an address. Connects with the first request. `timeout` is for one whole
  // request, response included. Once there is something to read from `stop_descriptor`, which must
  // outlive the client, every wait ends with an error; -1: there is none. With `tls` it speaks
  // HTTPS, to a server whose certificate is for `host`.
  Client(std::string host, uint16_t port, std::chrono::milliseconds timeout,
         int stop_descriptor = -1, TlsContextPointer tls = nullptr);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Sends the method, target, headers and body, and adds Host and Content-Length; the other members
  // are not for sending. Undoes no content coding. After an error, ServiceUnavailableException, the
  // request may have been executed or not; the next one opens a new connection.
  Result<Response> send(const Request& request);

 private:
  using Deadline = ClientStream::Deadline;

  Result<Response> read(bool head, Deadline deadline);
  [[nodiscard]] Error failure(std::string_view what, std::string_view why) const;

  const std::string host_;
  const std::string port_;
  const std::chrono::milliseconds timeout_;
  ClientStream stream_;
  Bytes outgoing_;
  Bytes incoming_;
  Bytes block_;  // what one read takes
};

}  // namespace millrace::http
