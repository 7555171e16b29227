#include "cli/bench/response_reader.h"

#include <charconv>
#include <optional>
#include <strings.h>

namespace millrace::cli::bench {

namespace {

constexpr std::string_view kContentLength = "\r\ncontent-length:";
constexpr std::string_view kTransferEncoding = "\r\ntransfer-encoding:";
constexpr std::string_view kVersion = "HTTP/1.1 ";

constexpr size_t kHeaderBytesMax = 64 * 1024;
constexpr size_t kBodyBytesMax = 64 * 1024 * 1024;
constexpr size_t kChunkLineBytesMax = 1024;

template <typename Number>
bool read_number(std::string_view text, Number& number, int base = 10) {
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return problem == std::errc() && end == text.data() + text.size();
}

// Without spaces around it. `name` is in lower case, between the end of the line before and a
// colon.
std::optional<std::string_view> header_value(std::string_view headers, std::string_view name) {
  for (size_t at = 0; (at = headers.find("\r\n", at)) != std::string_view::npos; at += 2) {
    const std::string_view line = headers.substr(at);
    if (line.size() < name.size()) continue;
    if (strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    std::string_view value = line.substr(name.size());
    value = value.substr(0, value.find("\r\n"));
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    return value;
  }
  return std::nullopt;
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
    chunk_at_ = header_bytes_;
  }
  if (is_chunked_) return read_chunks();
  size_t whole = header_bytes_ + body_bytes_;
  if (received_.size() > whole) return State::kMalformed;
  return received_.size() == whole ? State::kComplete : State::kIncomplete;
}

void ResponseReader::clear() {
  received_.clear();
  header_bytes_ = 0;
  body_bytes_ = 0;
  is_chunked_ = false;
  chunks_.clear();
}

ResponseReader::State ResponseReader::read_chunks() {
  const std::string_view received = received_;
  while (true) {
    const size_t line_end = received.find("\r\n", chunk_at_);
    if (line_end == std::string_view::npos) {
      const bool too_long = received.size() - chunk_at_ > kChunkLineBytesMax;
      return too_long ? State::kMalformed : State::kIncomplete;
    }
    std::string_view line = received.substr(chunk_at_, line_end - chunk_at_);
    line = line.substr(0, line.find(';'));
    size_t bytes = 0;
    if (!read_number(line, bytes, 16) || bytes > kBodyBytesMax - chunks_.size()) {
      return State::kMalformed;
    }
    // Behind the last chunk too there is an empty line.
    const size_t begin = line_end + 2;
    const size_t end = begin + bytes + 2;
    if (received.size() < end) return State::kIncomplete;
    if (received.substr(end - 2, 2) != "\r\n") return State::kMalformed;
    if (bytes == 0) return received.size() == end ? State::kComplete : State::kMalformed;
    chunks_ += received.substr(begin, bytes);
    chunk_at_ = end;
  }
}

// `headers` ends with its last line's end.
bool ResponseReader::read_headers(std::string_view headers) {
  if (!headers.starts_with(kVersion)) return false;
  if (!read_number(headers.substr(kVersion.size(), 3), status_)) return false;

  if (const auto length = header_value(headers, kContentLength)) {
    return read_number(*length, body_bytes_) && body_bytes_ <= kBodyBytesMax;
  }
  const auto encoding = header_value(headers, kTransferEncoding);
  is_chunked_ = encoding && *encoding == "chunked";
  return is_chunked_;
}

}  // namespace millrace::cli::bench
