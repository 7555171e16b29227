#include "base/clock.h"

#include <chrono>

namespace millrace {

int64_t SystemClock::now_microseconds() const {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  return duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace millrace
