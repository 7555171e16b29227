// When to try again what failed.
#pragma once

#include <cstdint>

#include "base/random.h"

namespace millrace::audit {

// One second after the first failure, twice as long after each further one, five minutes at most; a
// random half of it is left out, so that not all who failed together come back together.
class Backoff {
 public:
  // A clock that stepped back does not prolong the wait.
  [[nodiscard]] bool is_over(int64_t now_milliseconds) const {
    return now_milliseconds >= until_milliseconds_ || now_milliseconds < since_milliseconds_;
  }
  [[nodiscard]] int failures() const { return failures_; }

  void fail(int64_t now_milliseconds, Random& random);
  void succeed() { *this = Backoff(); }

 private:
  int failures_ = 0;
  int64_t since_milliseconds_ = 0;
  int64_t until_milliseconds_ = 0;
};

}  // namespace millrace::audit
