#include "base/random.h"

#include <sys/random.h>

#include "base/check.h"

namespace millrace {

uint64_t Random::next() {
  if (from_system_) {
    uint64_t value = 0;
    MILLRACE_CHECK(getrandom(&value, sizeof(value), 0) == sizeof(value));
    return value;
  }
  std::lock_guard lock(mutex_);
  return engine_();
}

uint64_t Random::below(uint64_t bound) {
  MILLRACE_CHECK(bound > 0);
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t value = next();
  while (value >= limit) value = next();
  return value % bound;
}

Bytes Random::bytes(size_t count) {
  Bytes out;
  out.reserve(count + 8);
  while (out.size() < count) append_u64(out, next());
  out.resize(count);
  return out;
}

std::string Random::text(size_t count, std::string_view alphabet) {
  std::string out;
  out.reserve(count);
  while (out.size() < count) out.push_back(alphabet[below(alphabet.size())]);
  return out;
}

}  // namespace millrace
