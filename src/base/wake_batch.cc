#include "base/wake_batch.h"

#include <utility>
#include <vector>

namespace millrace {
namespace {

struct OfThread {
  size_t depth = 0;
  std::vector<std::function<void()>> put_off;
};

OfThread& of_thread() {
  thread_local OfThread state;
  return state;
}

}  // namespace

WakeBatch::WakeBatch() {
  ++of_thread().depth;
}

WakeBatch::~WakeBatch() {
  OfThread& state = of_thread();
  if (--state.depth > 0) return;
  // What is called may begin a batch of its own.
  std::vector<std::function<void()>> put_off = std::exchange(state.put_off, {});
  for (const auto& wake : put_off) wake();
  put_off.clear();
  if (state.put_off.empty()) state.put_off = std::move(put_off);  // for its memory
}

void WakeBatch::call(std::function<void()> wake) {
  OfThread& state = of_thread();
  if (state.depth == 0) {
    wake();
  } else {
    state.put_off.push_back(std::move(wake));
  }
}

}  // namespace millrace
