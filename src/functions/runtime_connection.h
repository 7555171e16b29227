// A connection of a runtime to its Runtime API.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "functions/runtime_api.h"

namespace millrace::functions {

// For its loop's thread. Kept alive by the API and by what it waits for.
class RuntimeConnection : public std::enable_shared_from_this<RuntimeConnection> {
 public:
  RuntimeConnection(RuntimeApi& api, boost::asio::ip::tcp::socket socket);

  void read();
  void answer(http::Response response);
  // Tells the API when the peer goes, until answer().
  void watch();
  void close();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

  void on_head();
  void read_body();
  void dispatch();
  void write();

  std::weak_ptr<RuntimeApi> api_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::unique_ptr<std::array<char, 64 * 1024>> part_;  // while a body is read
  RuntimePost post_;
  bool keep_alive_ = true;
  bool watching_ = false;  // an async_wait is under way
  bool waiting_ = false;   // for the next invocation
  Bytes outgoing_head_;
  Bytes outgoing_body_;
};

}  // namespace millrace::functions
