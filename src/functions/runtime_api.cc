#include "functions/runtime_api.h"

#include "functions/runtime_connection.h"
#include "json/writer.h"

namespace millrace::functions {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

// A runtime has one or two.
constexpr size_t kConnectionsMax = 32;
constexpr std::string_view kPrefix = "/2018-06-01/runtime/";
constexpr std::string_view kInvocation = "invocation/";

bool remove_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

http::Response runtime_accepted() {
  return {.status = 202, .headers = {}, .body = "{\"status\":\"OK\"}\n"};
}

http::Response runtime_error(int status, std::string_view type, std::string_view message) {
  Bytes body;
  json::Writer writer(body);
  writer.begin_object();
  writer.member("errorMessage", message);
  writer.member("errorType", type);
  writer.end_object();
  return {.status = status, .headers = {}, .body = std::move(body)};
}

RuntimeApi::RuntimeApi(EventLoop& loop, RuntimeApiListener& listener)
    : acceptor_(loop), listener_(&listener) {}

RuntimeApi::~RuntimeApi() = default;

Result<std::shared_ptr<RuntimeApi>> RuntimeApi::listen(EventLoop& loop,
                                                       RuntimeApiListener& listener) {
  auto api = std::make_shared<RuntimeApi>(loop, listener);
  const tcp::endpoint endpoint(boost::asio::ip::address_v4::loopback(), 0);
  error_code error;
  api->acceptor_.open(endpoint.protocol(), error);
  if (!error) api->acceptor_.bind(endpoint, error);
  if (!error) api->acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (!error) api->port_ = api->acceptor_.local_endpoint(error).port();
  if (error) {
    return Error{ErrorCode::kServiceException,
                 "an instance cannot be started: a port: " + error.message()};
  }
  api->accept();
  return api;
}

void RuntimeApi::accept() {
  acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
    if (!self->acceptor_.is_open()) return;
    // A failed accept leaves the instance with the connections it has; its time limit is the rest.
    if (error && error != boost::asio::error::connection_aborted) return;
    if (!error && self->connections_.size() < kConnectionsMax) {
      auto connection = std::make_shared<RuntimeConnection>(*self, std::move(socket));
      self->connections_.insert(connection);
      connection->read();
    }
    self->accept();
  });
}

void RuntimeApi::route(RuntimeConnection& connection, std::string_view method,
                       std::string_view target, RuntimePost post) {
  std::string_view path = target.substr(0, target.find('?'));
  if (listener_ == nullptr) {
    connection.close();
    return;
  }
  const bool known = remove_prefix(path, kPrefix);
  if (known && method == "GET" && path == "invocation/next") {
    RuntimeConnection* const before = std::exchange(waiting_, nullptr);
    if (before != nullptr) before->close();
    waiting_ = &connection;
    connection.watch();
    listener_->on_next();
    return;
  }
  if (known && method == "POST" && path == "init/error") {
    connection.answer(listener_->on_init_error(std::move(post)));
    return;
  }
  if (known && method == "POST" && remove_prefix(path, kInvocation)) {
    const size_t slash = path.find('/');
    const std::string_view id = path.substr(0, slash);
    const std::string_view what = slash == std::string_view::npos ? "" : path.substr(slash + 1);
    if (what == "response") {
      connection.answer(listener_->on_response(id, std::move(post)));
      return;
    }
    if (what == "error") {
      connection.answer(listener_->on_error(id, std::move(post)));
      return;
    }
  }
  connection.answer(runtime_error(404, "NotFound", "The Runtime API has no such path"));
}

void RuntimeApi::deliver(http::Response invocation) {
  MILLRACE_CHECK(waiting_ != nullptr);
  std::exchange(waiting_, nullptr)->answer(std::move(invocation));
}

void RuntimeApi::on_connection_gone(RuntimeConnection& connection) {
  const bool waited = waiting_ == &connection;
  if (waited) waiting_ = nullptr;
  connections_.erase(connection.shared_from_this());
  if (waited && listener_ != nullptr) listener_->on_next_gone();
}

void RuntimeApi::close() {
  listener_ = nullptr;
  waiting_ = nullptr;
  error_code ignored;
  acceptor_.close(ignored);
  const auto connections = std::move(connections_);
  connections_.clear();
  for (const auto& connection : connections) connection->close();
}

}  // namespace millrace::functions
