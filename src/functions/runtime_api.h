// The Lambda Runtime API (version 2018-06-01) of one instance, on a port of its own of the loopback
// address: what runtimes ask for their next invocation and tell its result.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "base/bytes.h"
#include "base/result.h"
#include "functions/event_loop.h"
#include "http/handler.h"

namespace millrace::functions {

// What a function may return; AWS adds a little to 6 MiB.
inline constexpr size_t kResponseBytesMax = 6 * 1024 * 1024 + 100;

// What the runtime posted. `body` is cut after kResponseBytesMax.
struct RuntimePost {
  Bytes body;
  size_t body_bytes = 0;   // as it was sent
  std::string error_type;  // Lambda-Runtime-Function-Error-Type
};

class RuntimeApiListener {
 public:
  virtual ~RuntimeApiListener() = default;
  // It waits for an invocation, which RuntimeApi::deliver() brings.
  virtual void on_next() = 0;
  // It waits no longer: the connection was closed.
  virtual void on_next_gone() = 0;
  virtual http::Response on_response(std::string_view request_id, RuntimePost post) = 0;
  virtual http::Response on_error(std::string_view request_id, RuntimePost post) = 0;
  virtual http::Response on_init_error(RuntimePost post) = 0;
};

// {"status":"OK"}, and an error as the service words it.
[[nodiscard]] http::Response runtime_accepted();
[[nodiscard]] http::Response runtime_error(int status, std::string_view type,
                                           std::string_view message);

class RuntimeConnection;

// For the loop's thread. Must be made by a shared pointer; close() before letting it go.
class RuntimeApi : public std::enable_shared_from_this<RuntimeApi> {
 public:
  // ServiceException when no port can be had. The listener is called until close().
  static Result<std::shared_ptr<RuntimeApi>> listen(EventLoop& loop, RuntimeApiListener& listener);

  RuntimeApi(EventLoop& loop, RuntimeApiListener& listener);
  ~RuntimeApi();
  RuntimeApi(const RuntimeApi&) = delete;
  RuntimeApi& operator=(const RuntimeApi&) = delete;

  [[nodiscard]] uint16_t port() const { return port_; }
  // Answers the runtime that waits. Asserts that there is one.
  void deliver(http::Response invocation);
  void close();

 private:
  friend class RuntimeConnection;

  void accept();
  void route(RuntimeConnection& connection, std::string_view method, std::string_view target,
             RuntimePost post);
  void on_connection_gone(RuntimeConnection& connection);

  boost::asio::ip::tcp::acceptor acceptor_;
  RuntimeApiListener* listener_;
  uint16_t port_ = 0;
  std::set<std::shared_ptr<RuntimeConnection>> connections_;
  RuntimeConnection* waiting_ = nullptr;  // for the next invocation
};

}  // namespace millrace::functions
