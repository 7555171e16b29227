// Turns the bytes of a connection into a Response, for the client.
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include "http/handler.h"

namespace millrace::http {

// Parses one response and is done; knows no "100 Continue", which the client never asks for. Not
// bounded: the server is trusted.
class ResponseParser final : private boost::beast::http::basic_parser<false> {
 public:
  // `head`: the request was a HEAD, so that no body follows.
  explicit ResponseParser(bool head);

  // Takes what it can off the front of `bytes`. False when they are not HTTP.
  [[nodiscard]] bool parse(Bytes& bytes);
  // The connection has ended. False when the response has not.
  [[nodiscard]] bool finish();

  using basic_parser<false>::is_done;
  using basic_parser<false>::keep_alive;
  [[nodiscard]] Response& response() { return response_; }

 private:
  using ErrorCode = boost::beast::error_code;
  using Text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, Text method_text, Text target, int version,
                       ErrorCode& error) override;
  void on_response_impl(int status, Text reason, int version, ErrorCode& error) override;
  void on_field_impl(boost::beast::http::field field, Text name, Text value,
                     ErrorCode& error) override;
  void on_header_impl(ErrorCode& error) override;
  void on_body_init_impl(const boost::optional<uint64_t>& content_length,
                         ErrorCode& error) override;
  size_t on_body_impl(Text part, ErrorCode& error) override;
  void on_chunk_header_impl(uint64_t size, Text extensions, ErrorCode& error) override;
  size_t on_chunk_body_impl(uint64_t remaining, Text part, ErrorCode& error) override;
  void on_finish_impl(ErrorCode& error) override;

  Response response_;
};

}  // namespace millrace::http
