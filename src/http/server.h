// An HTTP/1.1 server: keep-alive, pipelining, one event loop per thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/handler.h"
#include "http/tls_context.h"

namespace millrace::http {

struct ServerOptions {
  std::string host = "127.0.0.1";  // an address, or "localhost"
  uint16_t port = 8000;            // 0: any free one
  size_t threads = 0;              // 0: one per core
  size_t connections_max = 10'240;
  size_t header_bytes_max = 64 * 1024;
  size_t body_bytes_max = 16 * 1024 * 1024;  // as sent and as decompressed
  // Requests that may have a larger body, up to that size as sent; nullptr: none.
  bool (*takes_large_body)(std::string_view method, std::string_view target) = nullptr;
  size_t large_body_bytes_max = 0;
  size_t body_bytes_total_max = 512 * 1024 * 1024;    // of all requests in flight
  std::chrono::milliseconds request_timeout{30'000};  // from the first byte to the last
  std::chrono::milliseconds idle_timeout{120'000};    // between requests
  std::chrono::milliseconds write_timeout{30'000};    // for a client that does not read
  std::chrono::milliseconds handshake_timeout{10'000};
  TlsOptions tls = {};
};

class Server {
 public:
  // Binds and listens, or says why not. `handler` must outlive the server.
  static Result<std::unique_ptr<Server>> listen(ServerOptions options, Handler& handler);
  virtual ~Server() = default;

  [[nodiscard]] virtual uint16_t port() const = 0;
  // Reads the files of TLS again, for connections from now on. InvalidConfiguration when they
  // cannot be used: then the old ones stay. Without TLS it does nothing. Thread-safe.
  virtual Status reload_tls() = 0;
  // Starts the threads and returns.
  virtual void start() = 0;
  // Stops accepting, lets requests in flight finish for at most `grace`, closes all, joins the
  // threads. Idempotent.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace millrace::http
