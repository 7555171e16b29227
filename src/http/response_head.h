// The status line and header of a response as sent.
#pragma once

#include <string_view>

#include "http/handler.h"

namespace millrace::http {

// What the front end adds to the handler's headers.
struct ResponseFraming {
  std::string_view date;  // as in the Date header
  size_t content_length;
  bool gzip = false;
  bool close = false;
  // Says so: a client of HTTP/1.0 would expect the connection to close.
  bool keep_alive_1_0 = false;
};

// Appends all up to the empty line. Covers response.body by x-amz-crc32 when response.checksum.
void append_response_head(Bytes& out, const Response& response, const ResponseFraming& framing);

// Whether a response of that status has a body at all.
[[nodiscard]] bool status_allows_body(int status);

}  // namespace millrace::http
