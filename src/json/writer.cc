#include "json/writer.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "json/base64.h"

namespace millrace::json {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

bool needs_escape(unsigned char byte) {
  return byte < 0x20 || byte == '"' || byte == '\\';
}

// A vector of GCC's, which every processor has instructions for.
using Block [[gnu::vector_size(16)]] = unsigned char;

auto escapes_in(const char* bytes) {
  Block block;
  std::memcpy(&block, bytes, sizeof block);
  return (block < 0x20) | (block == '"') | (block == '\\');
}

// Two blocks at a time.
bool any_needs_escape(const char* bytes) {
  const auto escapes = escapes_in(bytes) | escapes_in(bytes + sizeof(Block));
  const auto halves = std::bit_cast<std::array<uint64_t, 2>>(escapes);
  return (halves[0] | halves[1]) != 0;
}

// The index of the first byte from `at` that needs an escape, or the size.
size_t end_of_run(std::string_view value, size_t at) {
  constexpr size_t kStep = 2 * sizeof(Block);
  while (at + kStep <= value.size() && !any_needs_escape(value.data() + at)) at += kStep;
  while (at < value.size() && !needs_escape(static_cast<unsigned char>(value[at]))) ++at;
  return at;
}

void append_escape(std::string& out, char character) {
  switch (character) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default: {
      const auto byte = static_cast<unsigned char>(character);
      out += "\\u00";
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 0x0F]);
    }
  }
}

void append_string(std::string& out, std::string_view value) {
  out.push_back('"');
  for (size_t at = 0; at < value.size();) {
    const size_t end = end_of_run(value, at);
    out.append(value, at, end - at);
    if (end == value.size()) break;
    append_escape(out, value[end]);
    at = end + 1;
  }
  out.push_back('"');
}

void append_integer(std::string& out, int64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void Writer::separate() {
  if (needs_comma_) out_.push_back(',');
  needs_comma_ = true;
}

void Writer::begin_object() {
  separate();
  out_.push_back('{');
  needs_comma_ = false;
}

void Writer::end_object() {
  out_.push_back('}');
  needs_comma_ = true;
}

void Writer::begin_array() {
  separate();
  out_.push_back('[');
  needs_comma_ = false;
}

void Writer::end_array() {
  out_.push_back(']');
  needs_comma_ = true;
}

void Writer::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_.push_back(':');
  needs_comma_ = false;
}

void Writer::string(std::string_view value) {
  separate();
  append_string(out_, value);
}

void Writer::integer(int64_t value) {
  separate();
  append_integer(out_, value);
}

void Writer::timestamp_milliseconds(int64_t milliseconds) {
  separate();
  if (milliseconds < 0) out_.push_back('-');
  const uint64_t magnitude = milliseconds < 0 ? 0 - static_cast<uint64_t>(milliseconds)
                                              : static_cast<uint64_t>(milliseconds);
  append_integer(out_, static_cast<int64_t>(magnitude / 1000));
  const uint64_t fraction = magnitude % 1000;
  if (fraction == 0) return;
  out_.push_back('.');
  out_.push_back(static_cast<char>('0' + fraction / 100));
  if (fraction % 100 != 0) out_.push_back(static_cast<char>('0' + fraction / 10 % 10));
  if (fraction % 10 != 0) out_.push_back(static_cast<char>('0' + fraction % 10));
}

void Writer::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
}

void Writer::null() {
  separate();
  out_ += "null";
}

void Writer::base64(std::string_view bytes) {
  separate();
  out_.push_back('"');
  append_base64(out_, bytes);
  out_.push_back('"');
}

void Writer::raw(std::string_view json) {
  separate();
  out_ += json;
}

}  // namespace millrace::json
