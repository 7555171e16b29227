#include "http/stream.h"

#include <algorithm>
#include <cstring>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace millrace::http {
namespace {

namespace asio = boost::asio;
using Outcome = TlsSession::Outcome;

// RFC 8446, section 5.1.
constexpr size_t kRecordBytesMax = 16 * 1024;

}  // namespace

void Stream::async_handshake(std::function<void(ErrorCode)> done) {
  socket_.async_wait(Socket::wait_read, [this, done = std::move(done)](ErrorCode error) {
    if (error) return done(error);
    tls_ = std::make_unique<TlsSession>(context_->get(), socket_.native_handle(),
                                        TlsSession::Role::kServer);
    context_.reset();
    continue_handshake(done);
  });
}

void Stream::continue_handshake(const std::function<void(ErrorCode)>& done) {
  if (!socket_.is_open()) return done(asio::error::operation_aborted);
  const Outcome outcome = tls_->handshake();
  auto go_on = [this, done](ErrorCode error) {
    if (error) return done(error);
    continue_handshake(done);
  };
  switch (outcome) {
    case Outcome::kDone:
      return done({});
    case Outcome::kAgain:
      return asio::post(socket_.get_executor(), [go_on] { go_on({}); });
    case Outcome::kWantRead:
      return socket_.async_wait(Socket::wait_read, std::move(go_on));
    case Outcome::kWantWrite:
      return socket_.async_wait(Socket::wait_write, std::move(go_on));
    case Outcome::kEnd:
    case Outcome::kFailed:
      return done(asio::error::connection_aborted);
  }
}

void Stream::begin_tls_read(asio::mutable_buffer to, OnRead done) {
  if (!tls_->has_pending()) return wait_for_tls_read(Socket::wait_read, to, std::move(done));
  // Not at once: the caller may be on the way back from the last read.
  asio::post(socket_.get_executor(), [this, to, done = std::move(done)] { read_tls(to, done); });
}

void Stream::wait_for_tls_read(Socket::wait_type what, asio::mutable_buffer to, OnRead done) {
  socket_.async_wait(what, [this, to, done = std::move(done)](ErrorCode error) {
    if (error) return done(error, 0);
    read_tls(to, done);
  });
}

void Stream::read_tls(asio::mutable_buffer to, const OnRead& done) {
  if (!socket_.is_open()) return done(asio::error::operation_aborted, 0);
  // The sending direction has ended meanwhile.
  if (!tls_) return socket_.async_read_some(to, done);
  size_t total = 0;
  Outcome outcome = Outcome::kDone;
  while (outcome == Outcome::kDone && total < to.size()) {
    size_t bytes = 0;
    outcome = tls_->read(static_cast<char*>(to.data()) + total, to.size() - total, bytes);
    if (outcome == Outcome::kDone) total += bytes;
    if (!tls_->has_pending()) break;
  }
  // An end or a failure comes again with the next read.
  if (total > 0) return done({}, total);
  switch (outcome) {
    case Outcome::kDone:
    case Outcome::kAgain:
      asio::post(socket_.get_executor(), [this, to, done] { read_tls(to, done); });
      return;
    case Outcome::kWantRead:
      return wait_for_tls_read(Socket::wait_read, to, done);
    case Outcome::kWantWrite:
      return wait_for_tls_read(Socket::wait_write, to, done);
    case Outcome::kEnd:
      return done(asio::error::eof, 0);
    case Outcome::kFailed:
      return done(asio::error::connection_aborted, 0);
  }
}

size_t Stream::write_tls(const Rest& rest, ErrorCode& error) {
  // A record costs more than copying what goes into it.
  std::array<char, kRecordBytesMax> record;
  ByteView from(static_cast<const char*>(rest[0].data()), rest[0].size());
  const ByteView second(static_cast<const char*>(rest[1].data()), rest[1].size());
  if (from.empty()) {
    from = second;
  } else if (from.size() < record.size() && !second.empty()) {
    const size_t of_second = std::min(second.size(), record.size() - from.size());
    std::memcpy(record.data(), from.data(), from.size());
    std::memcpy(record.data() + from.size(), second.data(), of_second);
    from = ByteView(record.data(), from.size() + of_second);
  }
  size_t bytes = 0;
  switch (tls_->write(from, bytes)) {
    case Outcome::kDone:
      return bytes;
    case Outcome::kWantWrite:
      error = asio::error::would_block;
      return 0;
    default:
      error = asio::error::connection_aborted;
      return 0;
  }
}

void Stream::finish_sending(ErrorCode& error) {
  if (tls_) tls_->say_goodbye();
  tls_.reset();
  socket_.shutdown(Socket::shutdown_send, error);
}

void Stream::close(bool cleanly) {
  if (tls_ && cleanly) tls_->say_goodbye();
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_both, ignored);
  socket_.close(ignored);
}

}  // namespace millrace::http
