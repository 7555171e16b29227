#pragma once

#include <string>
#include <string_view>

namespace millrace::cli::bench {

// Reads one HTTP/1.1 response after another, of those with a Content-Length.
class ResponseReader {
 public:
  enum class State {
    kIncomplete,
    kComplete,   // until the next clear()
    kMalformed,  // or of a kind not read here
  };

  // Takes what came from the connection. Bytes beyond the response make it malformed, since one
  // request is in flight at a time.
  State feed(std::string_view bytes);
  // Both only when complete; the view lives until clear().
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::string_view body() const {
    return std::string_view(received_).substr(header_bytes_);
  }
  void clear();

 private:
  bool read_headers(std::string_view headers);

  std::string received_;
  size_t header_bytes_ = 0;  // 0: the headers are not whole
  size_t body_bytes_ = 0;
  int status_ = 0;
};

}  // namespace millrace::cli::bench
