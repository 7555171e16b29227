// Puts off the waking of other threads until the running one has given them all that it has for
// them: a thread woken for the first of many answers runs at once, and sleeps before the second.
#pragma once

#include <functional>

namespace millrace {

// Begins with its construction and ends with its destruction, on one thread, which must not wait
// meanwhile: others may count on its calls. Batches may nest; the outermost counts.
class WakeBatch {
 public:
  WakeBatch();
  // Calls what was put off, in order.
  ~WakeBatch();
  WakeBatch(const WakeBatch&) = delete;
  WakeBatch& operator=(const WakeBatch&) = delete;

  // Calls `wake` when the calling thread's batch ends; at once when it has none.
  static void call(std::function<void()> wake);
};

}  // namespace millrace
