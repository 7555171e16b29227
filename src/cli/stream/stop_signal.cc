#include "cli/stream/stop_signal.h"

#include <poll.h>
#include <unistd.h>

#include <sys/eventfd.h>

#include "base/check.h"

namespace millrace::cli::stream {

StopSignal::StopSignal() : descriptor_(eventfd(0, EFD_CLOEXEC)) {
  MILLRACE_CHECK(descriptor_ >= 0);
}

StopSignal::~StopSignal() {
  close(descriptor_);
}

void StopSignal::raise() {
  eventfd_write(descriptor_, 1);
}

bool StopSignal::wait_for(std::chrono::milliseconds duration) const {
  pollfd waiting = {.fd = descriptor_, .events = POLLIN, .revents = 0};
  return poll(&waiting, 1, static_cast<int>(duration.count())) > 0;
}

}  // namespace millrace::cli::stream
