#include "wire/request_id.h"

namespace millrace::wire {
namespace {

// SplitMix64 (Steele, Lea, Flood 2014): a permutation whose outputs look random.
uint64_t mixed(uint64_t seed, uint64_t count) {
  uint64_t bits = seed + count * 0x9E3779B97F4A7C15;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
  return bits ^ (bits >> 31);
}

}  // namespace

RequestIds::RequestIds(Random& random)
    : seeds_{random.next(), random.next(), random.next(), random.next()} {}

RequestId RequestIds::next() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
  constexpr size_t kCharactersPerDraw = 13;  // of five bits each, and one of 65 that is always 0
  const uint64_t count = count_.fetch_add(1, std::memory_order_relaxed);
  std::array<char, 4 * kCharactersPerDraw> text;
  for (size_t draw = 0; draw < seeds_.size(); ++draw) {
    const uint64_t bits = mixed(seeds_[draw], count);
    for (size_t i = 0; i < kCharactersPerDraw; ++i) {
      text[draw * kCharactersPerDraw + i] = kAlphabet[(bits >> (5 * i)) & 31];
    }
  }
  return RequestId(text);
}

}  // namespace millrace::wire
