#include "http/server.h"

#include <mutex>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.h"
#include "http/loop.h"
#include "http/response_head.h"

namespace millrace::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using Acceptor = boost::asio::basic_socket_acceptor<tcp, Executor>;

// After a failed accept, such as for want of file descriptors.
constexpr milliseconds kAcceptPause(100);

Error listen_error(const ServerOptions& options, std::string_view why) {
  const bool ipv6 = options.host.find(':') != std::string::npos;
  return {ErrorCode::kInvalidConfiguration,
          "cannot listen on " + (ipv6 ? "[" + options.host + "]" : options.host) + ":" +
              std::to_string(options.port) + ": " + std::string(why)};
}

class AsioServer final : public Server {
 public:
  AsioServer(ServerOptions options, Handler& handler)
      : state_(std::make_shared<ServerState>(std::move(options), handler)),
        loops_(make_loops(state_)),
        acceptor_(loops_.front()->executor()),
        pause_(loops_.front()->executor()) {}
  ~AsioServer() override { stop(milliseconds(0)); }
  AsioServer(const AsioServer&) = delete;
  AsioServer& operator=(const AsioServer&) = delete;

  Status open(const tcp::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (!error) acceptor_.non_blocking(true, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (error) return listen_error(state_->options, error.message());
    return Done{};
  }

  [[nodiscard]] uint16_t port() const override { return port_; }

  Status reload_tls() override {
    if (!state_->options.tls.enabled()) return Done{};
    state_->set_tls(TRY(TlsContext::for_server(state_->options.tls)));
    return Done{};
  }

  void start() override {
    boost::asio::post(loops_.front()->executor(), [this] { accept(); });
    for (const auto& loop : loops_) loop->start_thread();
  }

  void stop(milliseconds grace) override {
    const std::lock_guard lock(stop_mutex_);
    if (state_->stopping.exchange(true)) return;
    boost::asio::post(loops_.front()->executor(), [this] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
    });
    for (const auto& loop : loops_) loop->begin_stop();
    state_->await_no_connections(std::chrono::steady_clock::now() + grace);
    for (const auto& loop : loops_) loop->finish_stop();
    for (const auto& loop : loops_) loop->join_thread();
  }

 private:
  static std::vector<std::shared_ptr<Loop>> make_loops(const std::shared_ptr<ServerState>& state) {
    size_t count = state->options.threads;
    if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::shared_ptr<Loop>> loops(count);
    for (auto& loop : loops) loop = std::make_shared<Loop>(state);
    return loops;
  }

  // The loop with the fewest connections, so that few spread evenly.
  Loop& next_loop() {
    Loop* least = loops_.front().get();
    for (const auto& loop : loops_) {
      if (loop->load() < least->load()) least = loop.get();
    }
    return *least;
  }

  void accept() {
    if (state_->stopping) return;
    Loop& loop = next_loop();
    acceptor_.async_accept(loop.executor(), [this, &loop](error_code error, Socket socket) {
      if (state_->stopping) return;
      if (error) {
        on_accept_error(error);
        return;
      }
      if (state_->connections() >= state_->options.connections_max) {
        turn_away(std::move(socket));
      } else {
        state_->count_connection();
        loop.adopt(std::move(socket));
      }
      accept();
    });
  }

  void on_accept_error(error_code error) {
    if (error == boost::asio::error::connection_aborted) {
      accept();
      return;
    }
    log::warn("cannot accept connections", {{"error", error.message()}});
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](error_code cancelled) {
      if (!cancelled) accept();
    });
  }

  // As far as the kernel takes it at once. With TLS it is not worth a handshake.
  void turn_away(Socket socket) {
    if (state_->options.tls.enabled()) return;
    const Response response = state_->handler.refuse(503, "Too many connections are open");
    Bytes bytes;
    append_response_head(
        bytes, response,
        {.date = loops_.front()->date(), .content_length = response.body.size(), .close = true});
    bytes += response.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(boost::asio::buffer(bytes), ignored);
  }

  const std::shared_ptr<ServerState> state_;
  const std::vector<std::shared_ptr<Loop>> loops_;
  // The acceptor and its timer belong to the first loop's thread.
  Acceptor acceptor_;
  boost::asio::steady_timer pause_;
  uint16_t port_ = 0;
  std::mutex stop_mutex_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(ServerOptions options, Handler& handler) {
  error_code error;
  const bool local = options.host == "localhost";
  const auto address = boost::asio::ip::make_address(local ? "127.0.0.1" : options.host, error);
  if (error) return listen_error(options, "the host must be an IP address or localhost");
  const tcp::endpoint endpoint(address, options.port);
  try {
    auto server = std::make_unique<AsioServer>(std::move(options), handler);
    TRY(server->reload_tls());
    TRY(server->open(endpoint));
    return std::unique_ptr<Server>(std::move(server));
  } catch (const boost::system::system_error& failure) {
    // An event loop could not be made: no file descriptors are left.
    return internal_error(failure.what());
  }
}

}  // namespace millrace::http
