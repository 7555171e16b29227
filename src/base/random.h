// Randomness is passed in, so that a run replays from its seed.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>

#include "base/bytes.h"

namespace millrace {

// Thread-safe. Not for secrets, except when made by from_system().
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}
  // Reads the operating system's entropy on every draw, and is fit for keys.
  static Random from_system() { return Random(); }

  uint64_t next();
  // Uniform in [0, bound). Asserts bound > 0.
  uint64_t below(uint64_t bound);
  Bytes bytes(size_t count);
  // `count` characters drawn from `alphabet`.
  std::string text(size_t count, std::string_view alphabet);

 private:
  Random() : from_system_(true) {}

  bool from_system_ = false;
  std::mutex mutex_;
  std::mt19937_64 engine_;  // guarded by mutex_
};

}  // namespace millrace
