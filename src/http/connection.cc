#include "http/connection.h"

#include <algorithm>
#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "http/request_ticket.h"
#include "http/response_head.h"

namespace millrace::http {
namespace {

using boost::system::error_code;
using std::chrono::milliseconds;

constexpr size_t kReadBytes = 8 * 1024;
constexpr size_t kReadBytesInBody = 64 * 1024;
// Room that is not worth a larger buffer.
constexpr size_t kReadBytesMin = 2 * 1024;
// Memory above this goes back between requests.
constexpr size_t kKeptBytes = 16 * 1024;
constexpr size_t kGzipBytesMin = 256;
// What a refused client may still send, in bodies of the largest size, before it is cut off.
constexpr size_t kLingeringBodies = 4;
constexpr milliseconds kLingerWhileStopping(500);
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(Loop& loop, Socket socket, TlsContextPointer tls)
    : loop_(loop),
      options_(loop.state().options),
      stream_(std::move(socket), std::move(tls)),
      buffer_(std::max(options_.header_bytes_max, kReadBytesInBody) + kReadBytes),
      unread_response_(loop.state().budget) {}

void Connection::start() {
  error_code error;
  Socket& socket = stream_.socket();
  socket.set_option(boost::asio::ip::tcp::no_delay(true), error);
  socket.non_blocking(true, error);
  const auto peer = socket.remote_endpoint(error);
  if (error) {
    close();
    return;
  }
  remote_address_ = peer.address().to_string();
  if (stream_.needs_handshake()) {
    state_ = State::kHandshaking;
    expect_within(options_.handshake_timeout);
    stream_.async_handshake(
        [self = shared_from_this()](error_code failed) { self->on_handshake(failed); });
    return;
  }
  expect_within(options_.idle_timeout);
  read();
}

void Connection::on_handshake(error_code error) {
  if (state_ != State::kHandshaking) return;
  const TlsSession* tls = stream_.tls();
  if (error && tls != nullptr && tls->got_plain_http()) {
    stream_.drop_tls();
    refuse(400, "The plain HTTP request was sent to an HTTPS port");
  } else if (error || loop_.state().stopping) {
    close();
  } else {
    tls_version_ = tls->version();
    cipher_suite_ = tls->cipher_suite();
    client_certificate_name_ = tls->peer_name();
    state_ = State::kReading;
    expect_within(options_.idle_timeout);
    read();
  }
}

void Connection::expect_within(milliseconds timeout) {
  // now() is up to a tick old.
  deadline_ = loop_.now() + loop_.tick() + timeout;
}

void Connection::close_if_idle() {
  if (state_ == State::kHandshaking || (state_ == State::kReading && !parser_)) {
    close();
  } else if (state_ == State::kLingering) {
    deadline_ = std::min(deadline_, loop_.now() + kLingerWhileStopping);
  }
}

void Connection::close() {
  if (state_ == State::kClosed) return;
  const bool cleanly = state_ == State::kReading;
  state_ = State::kClosed;
  // Free before the client knows: it may come again at once.
  parser_.reset();
  unread_response_.release();
  stream_.close(cleanly);
  loop_.remove(*this);
}

void Connection::on_deadline() {
  if (state_ == State::kReading && parser_) {
    refuse(408, "The request did not arrive in time");
  } else if (state_ != State::kHandling) {
    close();
  }
}

void Connection::advance() {
  while (state_ == State::kReading) {
    // RFC 9112, section 2.2: empty lines before a request line are ignored.
    while (!parser_ && buffer_.size() > 0) {
      const char first = *static_cast<const char*>(buffer_.data().data());
      if (first != '\r' && first != '\n') break;
      buffer_.consume(1);
    }
    if (buffer_.size() == 0) {
      read();
      return;
    }
    if (!parser_) {
      parser_.emplace(options_, loop_.state().budget);
      expect_within(options_.request_timeout);
    }
    parse();
    if (state_ != State::kReading) return;
    if (!parser_->is_done()) {
      read();
      return;
    }
    handle();
  }
}

void Connection::parse() {
  error_code error;
  buffer_.consume(parser_->put(boost::asio::const_buffer(buffer_.data()), error));
  if (error == boost::beast::http::error::need_more) {
    // The rest is a piece of a header, which is parsed as a whole.
    if (buffer_.size() >= options_.header_bytes_max) {
      error = boost::beast::http::error::header_limit;
    } else {
      error.clear();
    }
  }
  if (error) {
    const Refusal refusal = refusal_of(error);
    refuse(refusal.status, refusal.reason);
    return;
  }
  if (parser_->take_expectation()) write_continue();
}

void Connection::write_continue() {
  error_code error;
  const size_t written =
      stream_.write_some({boost::asio::buffer(kContinue), boost::asio::const_buffer()}, error);
  // Not waited for: a client without room for it is broken or hostile.
  if (written != kContinue.size()) close();
}

void Connection::read() {
  // That of a request refused for its deadline goes on.
  if (reading_) return;
  reading_ = true;
  const size_t room = buffer_.capacity() - buffer_.size();
  const bool much = parser_ && parser_->expects_much(kReadBytes);
  const size_t wanted = much ? kReadBytesInBody : kReadBytes;
  const size_t size = room >= (much ? wanted : kReadBytesMin) ? room : wanted;
  const size_t size_max = buffer_.max_size() - buffer_.size();
  stream_.async_read_some(
      buffer_.prepare(std::min(size, size_max)),
      [self = shared_from_this()](error_code error, size_t bytes) { self->on_read(error, bytes); });
}

void Connection::on_read(error_code error, size_t bytes) {
  reading_ = false;
  if (state_ == State::kLingering) {
    lingering_bytes_ += bytes;
    const size_t body_bytes_max = std::max(options_.body_bytes_max, options_.large_body_bytes_max);
    if (error || lingering_bytes_ > kLingeringBodies * body_bytes_max) {
      close();
    } else {
      read();
    }
    return;
  }
  // Closed, or refused for the deadline: what is read then is of no use.
  if (state_ != State::kReading) return;
  if (error) {
    close();
    return;
  }
  buffer_.commit(bytes);
  advance();
}

void Connection::handle() {
  Request request = std::move(parser_->request());
  ByteBudget::Charge charge = std::move(parser_->charge());
  keep_alive_ = parser_->keep_alive();
  http_1_0_ = !parser_->is_http_1_1();
  head_ = request.method == "HEAD";
  accepts_gzip_ = parser_->accepts_gzip();
  if (!parser_->content_coding().empty() && !decode_body(request, charge)) return;
  parser_.reset();
  request.remote_address = remote_address_;
  if (stream_.tls() != nullptr) {
    request.tls_version = tls_version_;
    request.cipher_suite = cipher_suite_;
    request.client_certificate_name = client_certificate_name_;
  }

  state_ = State::kHandling;
  deadline_ = std::chrono::steady_clock::time_point::max();
  calling_handler_ = true;
  auto ticket = std::make_shared<RequestTicket>(*this, loop_, std::move(charge));
  loop_.state().handler.handle(std::move(request), [ticket = std::move(ticket)](Response response) {
    ticket->answer(std::move(response));
  });
  calling_handler_ = false;
  if (!inline_answer_) return;
  Response response = std::move(*inline_answer_);
  inline_answer_.reset();
  send(std::move(response));
}

bool Connection::decode_body(Request& request, ByteBudget::Charge& charge) {
  const std::string_view coding = parser_->content_coding();
  if (!boost::beast::iequals({coding.data(), coding.size()}, "gzip") &&
      !boost::beast::iequals({coding.data(), coding.size()}, "x-gzip")) {
    refuse(400, "The content encoding is not supported");
    return false;
  }
  request.body_as_sent = std::move(request.body);
  switch (loop_.gzip().decompress(request.body_as_sent, options_.body_bytes_max, charge,
                                  request.body)) {
    case GunzipOutcome::kDone:
      return true;
    case GunzipOutcome::kMalformed:
      refuse(400, "The request body is not valid gzip");
      return false;
    case GunzipOutcome::kTooLarge:
      refuse(413, "The request body is too large");
      return false;
    case GunzipOutcome::kBudgetExhausted:
      refuse(503, "Too many requests are in flight");
      return false;
  }
  return false;
}

void Connection::answer(std::optional<Response> response) {
  if (state_ != State::kHandling) return;
  if (!response) response = loop_.state().handler.refuse(500, "The request was given up");
  if (calling_handler_) {
    inline_answer_ = std::move(response);
    return;
  }
  send(std::move(*response));
  advance();
}

void Connection::refuse(int status, std::string_view reason) {
  parser_.reset();
  keep_alive_ = false;
  head_ = false;
  accepts_gzip_ = false;
  send(loop_.state().handler.refuse(status, reason));
}

void Connection::send(Response response) {
  close_after_write_ = response.close || !keep_alive_ || loop_.state().stopping;
  bool gzip = false;
  if (accepts_gzip_ && !head_ && response.body.size() >= kGzipBytesMin) {
    if (auto compressed = loop_.gzip().compress(response.body)) {
      response.body = std::move(*compressed);
      gzip = true;
    }
  }
  response_head_.clear();
  append_response_head(response_head_, response,
                       {.date = loop_.date(),
                        .content_length = response.body.size(),
                        .gzip = gzip,
                        .close = close_after_write_,
                        .keep_alive_1_0 = http_1_0_});
  if (!head_ && status_allows_body(response.status)) response_body_ = std::move(response.body);
  written_ = 0;
  state_ = State::kWriting;
  write();
}

void Connection::write() {
  const size_t head_size = response_head_.size();
  const size_t total = head_size + response_body_.size();
  while (written_ < total) {
    const size_t of_head = std::min(written_, head_size);
    const Stream::Rest rest = {boost::asio::buffer(response_head_) + of_head,
                               boost::asio::buffer(response_body_) + (written_ - of_head)};
    error_code error;
    written_ += stream_.write_some(rest, error);
    if (error == boost::asio::error::would_block) {
      if (unread_response_.bytes() == 0) unread_response_.force(total);
      expect_within(options_.write_timeout);
      stream_.async_wait_to_write([self = shared_from_this()](error_code wait_error) {
        if (self->state_ != State::kWriting) return;
        if (wait_error) {
          self->close();
          return;
        }
        self->write();
        self->advance();
      });
      return;
    }
    if (error) {
      close();
      return;
    }
  }
  finish_response();
}

void Connection::finish_response() {
  response_body_ = Bytes();
  unread_response_.release();
  if (response_head_.capacity() > kKeptBytes) response_head_ = Bytes();
  if (close_after_write_) {
    linger();
    return;
  }
  if (buffer_.capacity() > kKeptBytes && buffer_.size() < kReadBytes) buffer_.shrink_to_fit();
  state_ = State::kReading;
  expect_within(options_.idle_timeout);
}

// A close with bytes unread would reset the connection and take the response from the client.
void Connection::linger() {
  state_ = State::kLingering;
  buffer_.clear();
  expect_within(loop_.state().stopping ? kLingerWhileStopping : options_.request_timeout);
  error_code error;
  stream_.finish_sending(error);
  if (error) {
    close();
    return;
  }
  read();
}

}  // namespace millrace::http
