// Turns the bytes of a connection into a Request, within bounds.
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include "http/byte_budget.h"
#include "http/handler.h"
#include "http/server.h"

namespace millrace::http {

// Why a request is refused, for Handler::refuse.
struct Refusal {
  int status;
  std::string_view reason;
};
[[nodiscard]] Refusal refusal_of(boost::beast::error_code error);

// Parses one request, and is done. The options must outlive it. The body's memory grows as it
// arrives, not as it is announced, and is charged to the budget before it is taken.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(const ServerOptions& options, ByteBudget& budget);

  // These hold once is_done().
  [[nodiscard]] Request& request() { return request_; }
  [[nodiscard]] ByteBudget::Charge& charge() { return charge_; }
  [[nodiscard]] bool accepts_gzip() const { return accepts_gzip_; }
  [[nodiscard]] bool is_http_1_1() const { return http_1_1_; }
  // Empty when the body has none.
  [[nodiscard]] std::string_view content_coding() const { return content_coding_; }

  // The header is whole and the client waits for "100 Continue". True once.
  [[nodiscard]] bool take_expectation();
  // A large part of the body is still to come.
  [[nodiscard]] bool expects_much(size_t bytes) const;

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

  bool make_room(size_t bytes);

  const ServerOptions& options_;
  size_t body_bytes_max_;
  size_t header_bytes_ = 0;
  size_t body_bytes_announced_ = 0;
  bool header_done_ = false;
  bool http_1_1_ = false;
  bool expects_continue_ = false;
  bool accepts_gzip_ = false;
  std::string content_coding_;
  Request request_;
  ByteBudget::Charge charge_;
};

}  // namespace millrace::http
