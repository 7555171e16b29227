#include "wire/request_id.h"

namespace millrace::wire {

std::string new_request_id(Random& random) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
  constexpr int kCharactersPerDraw = 13;  // of five bits each
  std::string id;
  id.reserve(4 * kCharactersPerDraw);
  for (int draw = 0; draw < 4; ++draw) {
    uint64_t bits = random.next();
    for (int i = 0; i < kCharactersPerDraw; ++i, bits >>= 5) id.push_back(kAlphabet[bits & 31]);
  }
  return id;
}

}  // namespace millrace::wire
