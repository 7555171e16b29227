// One event loop with its thread and its connections.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/byte_budget.h"
#include "http/content_coding.h"
#include "http/handler.h"
#include "http/server.h"
#include "http/stream.h"

namespace millrace::http {

class Connection;

// What all loops of a server share. Thread-safe.
struct ServerState {
  ServerState(ServerOptions server_options, Handler& server_handler)
      : options(std::move(server_options)),
        handler(server_handler),
        budget(options.body_bytes_total_max) {}

  const ServerOptions options;
  Handler& handler;
  ByteBudget budget;
  std::atomic<bool> stopping = false;

  // Of connections from now on; nullptr: no TLS.
  [[nodiscard]] TlsContextPointer tls() const;
  void set_tls(TlsContextPointer context);

  void count_connection() { ++connections_; }
  void forget_connection();
  [[nodiscard]] size_t connections() const { return connections_; }
  // False when some are left at the deadline.
  bool await_no_connections(std::chrono::steady_clock::time_point deadline);

 private:
  std::atomic<size_t> connections_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable none_left_;
  TlsContextPointer tls_;  // guarded by mutex_
};

// Kept alive by the server and by every unanswered request. All is for the loop's own thread except
// what says otherwise.
class Loop : public std::enable_shared_from_this<Loop> {
 public:
  explicit Loop(std::shared_ptr<ServerState> state);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // On any thread.
  void start_thread();
  void join_thread();
  [[nodiscard]] Executor executor() { return context_.get_executor(); }
  [[nodiscard]] ServerState& state() { return *state_; }
  // Connections it has or is about to get.
  [[nodiscard]] size_t load() const { return load_.load(std::memory_order_relaxed); }
  // The connection, if it is still there, gets the answer on the loop's thread.
  void deliver(std::weak_ptr<Connection> connection, std::optional<Response> response);
  // Takes a socket made for executor(), which counts in the state already.
  void adopt(Socket socket);
  // Closes the idle connections, and the others after their request.
  void begin_stop();
  // Closes all, after which the thread ends.
  void finish_stop();

  void remove(Connection& connection);
  // As of the last tick: for deadlines, which are as coarse as `tick()`.
  [[nodiscard]] std::chrono::steady_clock::time_point now() const { return now_; }
  [[nodiscard]] std::chrono::milliseconds tick() const { return tick_; }
  // The value of a Date header.
  [[nodiscard]] std::string_view date();
  [[nodiscard]] GzipCodec& gzip() { return gzip_; }

 private:
  struct Delivery {
    std::weak_ptr<Connection> connection;
    std::optional<Response> response;
  };

  void take_deliveries();
  void schedule_tick();
  void on_tick();

  const std::shared_ptr<ServerState> state_;
  const std::chrono::milliseconds tick_;
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<Executor> work_;
  boost::asio::steady_timer timer_;
  std::chrono::steady_clock::time_point now_;
  std::atomic<size_t> load_ = 0;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::vector<Delivery> taken_;
  GzipCodec gzip_;
  time_t date_second_ = 0;
  std::array<char, 32> date_ = {};
  size_t date_length_ = 0;
  std::mutex mutex_;
  std::vector<Delivery> deliveries_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace millrace::http
