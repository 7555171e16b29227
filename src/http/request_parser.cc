#include "http/request_parser.h"

#include <algorithm>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include "http/content_coding.h"

namespace millrace::http {
namespace beast_http = boost::beast::http;

namespace {

constexpr size_t kHeadersUsual = 16;
// Up to here a body's memory is taken at once, beyond only as it arrives.
constexpr size_t kBodyBytesAtOnce = 64 * 1024;
// What a field takes beside its characters.
constexpr size_t kFieldOverheadBytes = 4;

// Stands for "the budget is exhausted", which the parser of Beast has no word for.
constexpr beast_http::error kBudgetExhausted = beast_http::error::buffer_overflow;

}  // namespace

Refusal refusal_of(boost::beast::error_code error) {
  if (error == beast_http::error::header_limit) return {431, "The request header is too large"};
  if (error == beast_http::error::body_limit) return {413, "The request body is too large"};
  if (error == kBudgetExhausted) return {503, "Too many requests are in flight"};
  return {400, "The request is not valid HTTP"};
}

RequestParser::RequestParser(const ServerOptions& options, ByteBudget& budget)
    : options_(options), body_bytes_max_(options.body_bytes_max), charge_(budget) {
  eager(true);
  header_limit(static_cast<uint32_t>(std::min<size_t>(options_.header_bytes_max, UINT32_MAX)));
  body_limit(body_bytes_max_);
}

bool RequestParser::take_expectation() {
  return is_header_done() && !is_done() && std::exchange(expects_continue_, false);
}

bool RequestParser::expects_much(size_t bytes) const {
  if (!is_header_done()) return false;
  return chunked() || content_length_remaining().value_or(0) > bytes;
}

void RequestParser::on_request_impl(beast_http::verb /*method*/, Text method_text, Text target,
                                    int version, ErrorCode& /*error*/) {
  header_bytes_ = method_text.size() + target.size();
  http_1_1_ = version >= 11;
  request_.method.assign(method_text.data(), method_text.size());
  request_.target.assign(target.data(), target.size());
  request_.headers.reserve(kHeadersUsual);
  if (options_.takes_large_body != nullptr &&
      options_.takes_large_body(request_.method, request_.target)) {
    body_bytes_max_ = options_.large_body_bytes_max;
    body_limit(body_bytes_max_);
  }
}

void RequestParser::on_response_impl(int /*status*/, Text /*reason*/, int /*version*/,
                                     ErrorCode& /*error*/) {}

void RequestParser::on_field_impl(beast_http::field field, Text name, Text value,
                                  ErrorCode& error) {
  // Beast bounds what has arrived at once, not the sum.
  header_bytes_ += name.size() + value.size() + kFieldOverheadBytes;
  if (header_bytes_ > options_.header_bytes_max) {
    error = beast_http::error::header_limit;
    return;
  }
  // A trailer must not pass for a header.
  if (header_done_) return;
  switch (field) {
    case beast_http::field::accept_encoding:
      accepts_gzip_ = accepts_gzip_ || http::accepts_gzip({value.data(), value.size()});
      break;
    case beast_http::field::content_encoding:
      if (!boost::beast::iequals(value, "identity")) content_coding_ += value;
      break;
    case beast_http::field::expect:
      expects_continue_ = http_1_1_ && boost::beast::iequals(value, "100-continue");
      break;
    case beast_http::field::transfer_encoding:
      // Beast would take any other coding for no body at all.
      if (!boost::beast::iequals(value, "chunked")) {
        error = beast_http::error::bad_transfer_encoding;
        return;
      }
      break;
    default:
      break;
  }
  Header& header = request_.headers.emplace_back();
  header.name.assign(name.data(), name.size());
  header.value.assign(value.data(), value.size());
}

void RequestParser::on_header_impl(ErrorCode& /*error*/) {
  header_done_ = true;
}

void RequestParser::on_body_init_impl(const boost::optional<uint64_t>& content_length,
                                      ErrorCode& error) {
  // Beast has held it against the limit.
  body_bytes_announced_ = content_length.value_or(0);
  if (!make_room(std::min(body_bytes_announced_, kBodyBytesAtOnce))) error = kBudgetExhausted;
}

size_t RequestParser::on_body_impl(Text part, ErrorCode& error) {
  if (!make_room(request_.body.size() + part.size())) {
    error = kBudgetExhausted;
    return 0;
  }
  request_.body.append(part.data(), part.size());
  return part.size();
}

void RequestParser::on_chunk_header_impl(uint64_t /*size*/, Text /*extensions*/,
                                         ErrorCode& /*error*/) {}

size_t RequestParser::on_chunk_body_impl(uint64_t /*remaining*/, Text part, ErrorCode& error) {
  return on_body_impl(part, error);
}

void RequestParser::on_finish_impl(ErrorCode& /*error*/) {}

bool RequestParser::make_room(size_t bytes) {
  if (bytes <= charge_.bytes()) return true;
  size_t capacity = std::max(bytes, std::min(2 * charge_.bytes(), body_bytes_max_));
  if (body_bytes_announced_ > 0) capacity = std::min(capacity, body_bytes_announced_);
  if (!charge_.grow_to(capacity)) return false;
  request_.body.reserve(capacity);
  return true;
}

}  // namespace millrace::http
