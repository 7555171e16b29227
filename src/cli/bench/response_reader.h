#pragma once

#include <string>
#include <string_view>

namespace millrace::cli::bench {

// Reads one HTTP/1.1 response after another, of those with a Content-Length or in chunks.
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
    return is_chunked_ ? chunks_ : std::string_view(received_).substr(header_bytes_);
  }
  void clear();

 private:
  bool read_headers(std::string_view headers);
  // Moves the chunks that are whole to `chunks_`.
  State read_chunks();

  std::string received_;
  size_t header_bytes_ = 0;  // 0: the headers are not whole
  size_t body_bytes_ = 0;
  bool is_chunked_ = false;
  size_t chunk_at_ = 0;  // where the next chunk begins
  std::string chunks_;   // without their frames
  int status_ = 0;
};

}  // namespace millrace::cli::bench
