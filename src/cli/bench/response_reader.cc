#include "cli/bench/response_reader.h"

#include <charconv>
#include <strings.h>

namespace millrace::cli::bench {

namespace {

constexpr std::string_view kContentLength = "\r\ncontent-length:";
constexpr std::string_view kVersion = "HTTP/1.1 ";

constexpr size_t kHeaderBytesMax = 64 * 1024;
constexpr size_t kBodyBytesMax = 64 * 1024 * 1024;

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc() && end == text.data() + text.size();
}

}  // namespace

ResponseReader::State ResponseReader::feed(std::string_view bytes) {
  received_ += bytes;
  if (header_bytes_ == 0) {
    size_t end = received_.find("\r\n\r\n");
    if (end == std::string::npos) {
      return received_.size() > kHeaderBytesMax ? State::kMalformed : State::kIncomplete;
    }
    if (!read_headers(std::string_view(received_).substr(0, end + 2))) return State::kMalformed;
    header_bytes_ = end + 4;
  }
  size_t whole = header_bytes_ + body_bytes_;
  if (received_.size() > whole) return State::kMalformed;
  return received_.size() == whole ? State::kComplete : State::kIncomplete;
}

void ResponseReader::clear() {
  received_.clear();
  header_bytes_ = 0;
  body_bytes_ = 0;
}

// `headers` ends with its last line's end.
bool ResponseReader::read_headers(std::string_view headers) {
  if (!headers.starts_with(kVersion)) return false;
  if (!read_number(headers.substr(kVersion.size(), 3), status_)) return false;

  for (size_t at = 0; (at = headers.find("\r\n", at)) != std::string_view::npos; at += 2) {
    std::string_view line = headers.substr(at);
    if (line.size() < kContentLength.size()) continue;
    if (strncasecmp(line.data(), kContentLength.data(), kContentLength.size()) != 0) continue;
    std::string_view value = line.substr(kContentLength.size());
    value = value.substr(0, value.find("\r\n"));
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    return read_number(value, body_bytes_) && body_bytes_ <= kBodyBytesMax;
  }
  return false;
}

}  // namespace millrace::cli::bench
