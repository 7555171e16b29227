#include "http/loop.h"

#include <algorithm>
#include <ctime>

#include <boost/asio/post.hpp>

#include "base/wake_batch.h"
#include "http/connection.h"

namespace millrace::http {
namespace {

using std::chrono::milliseconds;

// Fine enough for the shortest deadline, coarse enough to cost nothing.
milliseconds tick_of(const ServerOptions& options) {
  const milliseconds shortest = std::min({options.request_timeout, options.idle_timeout,
                                          options.write_timeout, options.handshake_timeout});
  return std::clamp(shortest / 8, milliseconds(5), milliseconds(250));
}

}  // namespace

TlsContextPointer ServerState::tls() const {
  const std::lock_guard lock(mutex_);
  return tls_;
}

void ServerState::set_tls(TlsContextPointer context) {
  const std::lock_guard lock(mutex_);
  tls_ = std::move(context);
}

void ServerState::forget_connection() {
  if (--connections_ > 0 || !stopping) return;
  const std::lock_guard lock(mutex_);
  none_left_.notify_all();
}

bool ServerState::await_no_connections(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  return none_left_.wait_until(lock, deadline, [this] { return connections_ == 0; });
}

Loop::Loop(std::shared_ptr<ServerState> state)
    : state_(std::move(state)),
      tick_(tick_of(state_->options)),
      context_(1),
      work_(boost::asio::make_work_guard(context_)),
      timer_(context_),
      now_(std::chrono::steady_clock::now()) {}

Loop::~Loop() = default;

void Loop::start_thread() {
  thread_ = std::thread([this] {
    now_ = std::chrono::steady_clock::now();
    schedule_tick();
    context_.run();
  });
}

void Loop::join_thread() {
  if (thread_.joinable()) thread_.join();
}

void Loop::adopt(Socket socket) {
  ++load_;
  boost::asio::post(context_, [this, socket = std::move(socket)]() mutable {
    auto connection = std::make_shared<Connection>(*this, std::move(socket), state_->tls());
    connections_.insert(connection);
    connection->start();
    if (state_->stopping) connection->close_if_idle();
  });
}

void Loop::deliver(std::weak_ptr<Connection> connection, std::optional<Response> response) {
  {
    const std::lock_guard lock(mutex_);
    deliveries_.push_back({std::move(connection), std::move(response)});
    if (deliveries_.size() > 1) return;
  }
  WakeBatch::call([self = shared_from_this()] {
    boost::asio::post(self->context_, [loop = self.get()] { loop->take_deliveries(); });
  });
}

void Loop::take_deliveries() {
  {
    const std::lock_guard lock(mutex_);
    taken_.swap(deliveries_);
  }
  for (Delivery& delivery : taken_) {
    // Never locked elsewhere: a connection must not end on another thread.
    if (const auto alive = delivery.connection.lock()) alive->answer(std::move(delivery.response));
  }
  taken_.clear();
}

void Loop::remove(Connection& connection) {
  if (connections_.erase(connection.shared_from_this()) == 0) return;
  --load_;
  state_->forget_connection();
}

void Loop::begin_stop() {
  boost::asio::post(context_, [this] {
    const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
    for (const auto& connection : all) connection->close_if_idle();
  });
}

void Loop::finish_stop() {
  boost::asio::post(context_, [this] {
    const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
    for (const auto& connection : all) connection->close();
    timer_.cancel();
    work_.reset();
  });
}

void Loop::schedule_tick() {
  timer_.expires_at(now_ + tick_);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error && work_.owns_work()) on_tick();
  });
}

void Loop::on_tick() {
  now_ = std::chrono::steady_clock::now();
  std::vector<std::shared_ptr<Connection>> overdue;
  for (const auto& connection : connections_) {
    if (connection->deadline() <= now_) overdue.push_back(connection);
  }
  for (const auto& connection : overdue) connection->on_deadline();
  schedule_tick();
}

std::string_view Loop::date() {
  const time_t second = ::time(nullptr);
  if (second != date_second_) {
    tm parts = {};
    gmtime_r(&second, &parts);
    date_length_ = strftime(date_.data(), date_.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    date_second_ = second;
  }
  return {date_.data(), date_length_};
}

}  // namespace millrace::http
