#include "cli/bench/load_loop.h"

#include <array>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "cli/bench/response_reader.h"

namespace millrace::cli::bench {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

struct Loop {
  asio::io_context context{1};
  asio::steady_timer timer{context};
  size_t open_connections = 0;
};

class Connection {
 public:
  Connection(Loop& loop, CallSigner& signer, Exchange& exchange)
      : loop_(loop),
        socket_(loop.context),
        pause_(loop.context),
        signer_(signer),
        exchange_(exchange) {}

  Status open(const Endpoint& endpoint);
  void send_next();
  [[nodiscard]] bool is_open() const { return socket_.is_open(); }
  void fail_if_sent_before(SteadyTime limit) {
    if (is_open() && sent_at_ < limit) fail("Timeout");
  }

 private:
  void send();
  // What was under way when the connection closed ends with an error, which tells nothing new.
  void sent(error_code error);
  void await_answer();
  void receive();
  void finish_call(const Answer& answer);
  void fail(std::string_view failure);
  void close();

  Loop& loop_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer pause_;
  CallSigner& signer_;
  Exchange& exchange_;
  Call call_;
  std::string outgoing_;
  SteadyTime sent_at_;
  ResponseReader reader_;
  std::array<char, size_t{64} * 1024> incoming_;
};

Status Connection::open(const Endpoint& endpoint) {
  error_code error;
  asio::ip::tcp::endpoint peer(asio::ip::make_address(endpoint.address), endpoint.port);
  socket_.connect(peer, error);
  if (!error) socket_.set_option(asio::ip::tcp::no_delay(true), error);
  if (!error) socket_.non_blocking(true, error);
  if (!error) {
    ++loop_.open_connections;
    return Done{};
  }
  return Error{ErrorCode::kServiceUnavailableException,
               "cannot connect to " + endpoint.host + ": " + error.message()};
}

void Connection::send_next() {
  const SteadyTime now = steady_clock::now();
  if (!exchange_.next(now, call_)) return close();
  const SteadyTime not_before = exchange_.not_before();
  if (not_before <= now) return send();
  sent_at_ = not_before;
  pause_.expires_at(not_before);
  pause_.async_wait([this](error_code error) {
    if (!error && is_open()) send();
  });
}

void Connection::send() {
  signer_.write(call_, outgoing_);
  sent_at_ = steady_clock::now();
  asio::async_write(socket_, asio::buffer(outgoing_),
                    [this](error_code error, size_t /*bytes*/) { sent(error); });
}

void Connection::sent(error_code error) {
  if (!is_open()) return;
  if (error) return fail("ConnectionClosed");
  await_answer();
}

// Waits before it reads, since no answer can be there yet: that spares a call of the system.
void Connection::await_answer() {
  socket_.async_wait(asio::socket_base::wait_read, [this](error_code error) {
    if (!is_open()) return;
    if (error) return fail("ConnectionClosed");
    receive();
  });
}

void Connection::receive() {
  error_code error;
  size_t bytes = socket_.read_some(asio::buffer(incoming_), error);
  if (error == asio::error::would_block) return await_answer();
  if (error) return fail("ConnectionClosed");
  switch (reader_.feed({incoming_.data(), bytes})) {
    case ResponseReader::State::kIncomplete:
      return await_answer();
    case ResponseReader::State::kMalformed:
      return fail("MalformedResponse");
    case ResponseReader::State::kComplete:
      finish_call({.status = reader_.status(), .body = reader_.body()});
      reader_.clear();
      return send_next();
  }
}

void Connection::finish_call(const Answer& answer) {
  exchange_.answered(call_, answer, steady_clock::now() - sent_at_);
}

void Connection::fail(std::string_view failure) {
  close();
  finish_call({.failure = failure});
}

// The last to close ends the loop at once, since the time it took is measured.
void Connection::close() {
  error_code ignored;
  socket_.close(ignored);
  if (--loop_.open_connections == 0) loop_.context.stop();
}

void watch(Loop& loop, std::vector<std::unique_ptr<Connection>>& connections,
           std::chrono::nanoseconds timeout) {
  loop.timer.expires_after(std::chrono::milliseconds(100));
  loop.timer.async_wait([&loop, &connections, timeout](error_code error) {
    if (error) return;
    for (auto& connection : connections) {
      connection->fail_if_sent_before(steady_clock::now() - timeout);
    }
    watch(loop, connections, timeout);
  });
}

}  // namespace

Status run_load(const Endpoint& endpoint, size_t connections, std::chrono::nanoseconds timeout,
                CallSigner& signer, Exchange& exchange) {
  Loop loop;
  std::vector<std::unique_ptr<Connection>> all;
  for (size_t i = 0; i < connections; ++i) {
    all.push_back(std::make_unique<Connection>(loop, signer, exchange));
    TRY(all.back()->open(endpoint));
  }
  for (auto& connection : all) connection->send_next();
  watch(loop, all, timeout);
  loop.context.run();
  return Done{};
}

}  // namespace millrace::cli::bench
