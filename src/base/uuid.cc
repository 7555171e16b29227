#include "base/uuid.h"

namespace millrace {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

std::string new_uuid(Random& random) {
  const uint64_t high = (random.next() & ~uint64_t{0xF000}) | 0x4000;
  const uint64_t low = (random.next() & ~(uint64_t{3} << 62)) | (uint64_t{1} << 63);
  std::string text = "00000000-0000-0000-0000-000000000000";
  int shift = 64;
  for (char& c : text) {
    if (c == '-') continue;
    shift -= 4;
    const uint64_t half = shift >= 0 ? high >> shift : low >> (64 + shift);
    c = kDigits[half & 15];
  }
  return text;
}

}  // namespace millrace
