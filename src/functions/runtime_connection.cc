#include "functions/runtime_connection.h"

#include <algorithm>

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <sys/socket.h>

namespace millrace::functions {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

constexpr uint32_t kHeaderBytesMax = 64 * 1024;
// Of a body too large this much is read, so that the runtime hears why it is refused.
constexpr uint64_t kBodyBytesReadMax = 64 * 1024 * 1024;

std::string_view reason_of(int status) {
  const auto reason = beast_http::obsolete_reason(static_cast<beast_http::status>(status));
  return {reason.data(), reason.size()};
}

}  // namespace

RuntimeConnection::RuntimeConnection(RuntimeApi& api, boost::asio::ip::tcp::socket socket)
    : api_(api.weak_from_this()), socket_(std::move(socket)) {
  error_code ignored;
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

void RuntimeConnection::read() {
  parser_.emplace();
  parser_->header_limit(kHeaderBytesMax);
  parser_->body_limit(kBodyBytesReadMax);
  beast_http::async_read_header(socket_, buffer_, *parser_,
                                [self = shared_from_this()](error_code error, size_t /*bytes*/) {
                                  if (error) {
                                    self->close();
                                    return;
                                  }
                                  self->on_head();
                                });
}

void RuntimeConnection::on_head() {
  keep_alive_ = parser_->get().keep_alive();
  post_ = {};
  if (const auto length = parser_->content_length()) {
    post_.body.reserve(std::min<size_t>(*length, kResponseBytesMax));
  }
  if (parser_->get()[beast_http::field::expect] == "100-continue") {
    error_code ignored;
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    socket_.write_some(boost::asio::buffer(kContinue), ignored);
  }
  read_body();
}

void RuntimeConnection::read_body() {
  if (parser_->is_done()) {
    part_.reset();
    dispatch();
    return;
  }
  if (!part_) part_ = std::make_unique<std::array<char, 64 * 1024>>();
  parser_->get().body().data = part_->data();
  parser_->get().body().size = part_->size();
  beast_http::async_read(
      socket_, buffer_, *parser_, [self = shared_from_this()](error_code error, size_t /*bytes*/) {
        if (error && error != beast_http::error::need_buffer) {
          self->close();
          return;
        }
        const size_t size = self->part_->size() - self->parser_->get().body().size;
        RuntimePost& post = self->post_;
        post.body_bytes += size;
        post.body.append(self->part_->data(), std::min(size, kResponseBytesMax - post.body.size()));
        self->read_body();
      });
}

void RuntimeConnection::dispatch() {
  // Closed while this was on its way.
  if (!socket_.is_open()) return;
  const auto api = api_.lock();
  if (!api) {
    close();
    return;
  }
  const auto& request = parser_->get();
  const auto error_type = request["Lambda-Runtime-Function-Error-Type"];
  post_.error_type.assign(error_type.data(), error_type.size());
  const std::string method(request.method_string().data(), request.method_string().size());
  const std::string target(request.target().data(), request.target().size());
  api->route(*this, method, target, std::move(post_));
}

void RuntimeConnection::watch() {
  waiting_ = true;
  if (watching_) return;
  watching_ = true;
  socket_.async_wait(
      boost::asio::ip::tcp::socket::wait_read, [self = shared_from_this()](error_code error) {
        self->watching_ = false;
        if (!self->waiting_) return;
        char byte = 0;
        const bool gone =
            error || recv(self->socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
        // A runtime that sends its next request already is not watched any more.
        if (gone) self->close();
      });
}

void RuntimeConnection::answer(http::Response response) {
  waiting_ = false;
  outgoing_head_ = "HTTP/1.1 " + std::to_string(response.status) + " ";
  outgoing_head_.append(reason_of(response.status)).append("\r\n");
  outgoing_head_ += "Content-Type: application/json\r\n";
  for (const http::Header& header : response.headers) {
    outgoing_head_.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (!keep_alive_) outgoing_head_ += "Connection: close\r\n";
  outgoing_head_.append("Content-Length: ").append(std::to_string(response.body.size()));
  outgoing_head_ += "\r\n\r\n";
  outgoing_body_ = std::move(response.body);
  write();
}

void RuntimeConnection::write() {
  const std::array<boost::asio::const_buffer, 2> all = {boost::asio::buffer(outgoing_head_),
                                                        boost::asio::buffer(outgoing_body_)};
  boost::asio::async_write(socket_, all,
                           [self = shared_from_this()](error_code error, size_t /*bytes*/) {
                             self->outgoing_body_ = Bytes();
                             if (error || !self->keep_alive_) {
                               self->close();
                               return;
                             }
                             self->read();
                           });
}

void RuntimeConnection::close() {
  if (!socket_.is_open()) return;
  error_code ignored;
  socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  if (const auto api = api_.lock()) api->on_connection_gone(*this);
}

}  // namespace millrace::functions
