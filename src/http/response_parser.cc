#include "http/response_parser.h"

#include <boost/beast/http/error.hpp>

namespace millrace::http {

namespace beast_http = boost::beast::http;

ResponseParser::ResponseParser(bool head) {
  eager(true);
  skip(head);
  header_limit(UINT32_MAX);
  body_limit(boost::none);
}

bool ResponseParser::parse(Bytes& bytes) {
  ErrorCode error;
  bytes.erase(0, put(boost::asio::const_buffer(bytes.data(), bytes.size()), error));
  return !error || error == beast_http::error::need_more;
}

bool ResponseParser::finish() {
  if (!is_header_done()) return false;
  ErrorCode error;
  put_eof(error);
  return !error;
}

void ResponseParser::on_request_impl(beast_http::verb /*method*/, Text /*method_text*/,
                                     Text /*target*/, int /*version*/, ErrorCode& /*error*/) {}

void ResponseParser::on_response_impl(int status, Text /*reason*/, int /*version*/,
                                      ErrorCode& /*error*/) {
  response_.status = status;
}

void ResponseParser::on_field_impl(beast_http::field /*field*/, Text name, Text value,
                                   ErrorCode& /*error*/) {
  response_.headers.push_back({std::string(name), std::string(value)});
}

void ResponseParser::on_header_impl(ErrorCode& /*error*/) {}

void ResponseParser::on_body_init_impl(const boost::optional<uint64_t>& content_length,
                                       ErrorCode& /*error*/) {
  response_.body.reserve(content_length.value_or(0));
}

size_t ResponseParser::on_body_impl(Text part, ErrorCode& /*error*/) {
  response_.body.append(part.data(), part.size());
  return part.size();
}

void ResponseParser::on_chunk_header_impl(uint64_t /*size*/, Text /*extensions*/,
                                          ErrorCode& /*error*/) {}

size_t ResponseParser::on_chunk_body_impl(uint64_t /*remaining*/, Text part, ErrorCode& error) {
  return on_body_impl(part, error);
}

void ResponseParser::on_finish_impl(ErrorCode& /*error*/) {}

}  // namespace millrace::http
