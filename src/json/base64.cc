#include "json/base64.h"

#include <array>
#include <cstdint>

namespace millrace::json {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t kInvalid = 0xFF;

constexpr std::array<uint8_t, 256> kValues = [] {
  std::array<uint8_t, 256> values{};
  values.fill(kInvalid);
  for (size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<uint8_t>(i);
  }
  return values;
}();

uint8_t value_of(char character) {
  return kValues[static_cast<unsigned char>(character)];
}
uint32_t byte_at(ByteView bytes, size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}
char low_byte(uint32_t bits) {
  return static_cast<char>(bits & 0xFF);
}

// The last group, of one or two padding characters, whose unused bits must be zero.
bool decode_padded_group(std::string_view group, Bytes& out) {
  const uint32_t first = value_of(group[0]);
  const uint32_t second = value_of(group[1]);
  if (first == kInvalid || second == kInvalid) return false;
  out.push_back(low_byte(first << 2 | second >> 4));
  if (group[2] == '=') return (second & 0x0F) == 0;
  const uint32_t third = value_of(group[2]);
  if (third == kInvalid || (third & 0x03) != 0) return false;
  out.push_back(low_byte(second << 4 | third >> 2));
  return true;
}

}  // namespace

size_t base64_encoded_size(size_t byte_count) {
  return (byte_count + 2) / 3 * 4;
}

void append_base64(std::string& out, ByteView bytes) {
  const size_t start = out.size();
  out.resize(start + base64_encoded_size(bytes.size()), '=');
  char* next = out.data() + start;
  auto put = [&next](uint32_t value) { *next++ = kAlphabet[value & 0x3F]; };
  size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    const uint32_t bits =
        byte_at(bytes, at) << 16 | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2);
    put(bits >> 18), put(bits >> 12), put(bits >> 6), put(bits);
  }
  const size_t rest = bytes.size() - at;
  if (rest == 0) return;
  const uint32_t bits = byte_at(bytes, at) << 16 | (rest == 2 ? byte_at(bytes, at + 1) << 8 : 0);
  put(bits >> 18), put(bits >> 12);
  if (rest == 2) put(bits >> 6);
}

std::string base64_encode(ByteView bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

bool is_base64(std::string_view text) {
  if (text.size() % 4 != 0) return false;
  const bool padded = text.ends_with('=');
  const size_t whole = padded ? text.size() - 4 : text.size();
  uint32_t values = 0;
  for (const char character : text.substr(0, whole)) values |= value_of(character);
  Bytes last;
  return values <= 0x3F && (!padded || decode_padded_group(text.substr(whole), last));
}

std::optional<Bytes> base64_decode(std::string_view text) {
  if (!is_base64(text)) return std::nullopt;
  const size_t whole = text.ends_with('=') ? text.size() - 4 : text.size();
  Bytes out;
  out.reserve(text.size() / 4 * 3);
  for (size_t at = 0; at < whole; at += 4) {
    const uint32_t bits = uint32_t{value_of(text[at])} << 18 |
                          uint32_t{value_of(text[at + 1])} << 12 |
                          uint32_t{value_of(text[at + 2])} << 6 | value_of(text[at + 3]);
    out.push_back(low_byte(bits >> 16));
    out.push_back(low_byte(bits >> 8));
    out.push_back(low_byte(bits));
  }
  if (whole < text.size()) decode_padded_group(text.substr(whole), out);
  return out;
}

}  // namespace millrace::json
