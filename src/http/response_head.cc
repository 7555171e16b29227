#include "http/response_head.h"

#include <charconv>
#include <libdeflate.h>
#include <ostream>  // which Boost's string_view needs and does not include

#include <boost/beast/http/status.hpp>

namespace millrace::http {
namespace {

void append_number(Bytes& out, size_t number) {
  char digits[20];
  const std::to_chars_result end = std::to_chars(std::begin(digits), std::end(digits), number);
  out.append(digits, end.ptr);
}

void append_status_line(Bytes& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
  out += "HTTP/1.1 ";
  append_number(out, static_cast<size_t>(status));
  out += ' ';
  out += boost::beast::http::obsolete_reason(known);
  out += "\r\n";
}

}  // namespace

bool status_allows_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

void append_response_head(Bytes& out, const Response& response, const ResponseFraming& framing) {
  append_status_line(out, response.status);
  for (const Header& header : response.headers) {
    out += header.name;
    out += ": ";
    out += header.value;
    out += "\r\n";
  }
  if (response.checksum) {
    out += "x-amz-crc32: ";
    append_number(out, libdeflate_crc32(0, response.body.data(), response.body.size()));
    out += "\r\n";
  }
  if (framing.gzip) out += "Content-Encoding: gzip\r\n";
  if (status_allows_body(response.status)) {
    out += "Content-Length: ";
    append_number(out, framing.content_length);
    out += "\r\n";
  }
  if (framing.close) {
    out += "Connection: close\r\n";
  } else if (framing.keep_alive_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "Date: ";
  out += framing.date;
  out += "\r\n\r\n";
}

}  // namespace millrace::http
