#include "audit/background_thread.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <pthread.h>
#include <unistd.h>
#include <utility>

#include <sys/resource.h>
#include <sys/syscall.h>

namespace millrace::audit {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr int kNice = 10;
// Of the time, while the machine is busy.
constexpr int kWorkedPercent = 2;
// Less idle time than that, of all processors, and it is busy.
constexpr uint64_t kIdlePercentMin = 25;
constexpr std::chrono::milliseconds kLookInterval(100);
constexpr nanoseconds kRestMax = std::chrono::seconds(5);

nanoseconds thread_time() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

}  // namespace

void enter_background(const char* name) {
  pthread_setname_np(pthread_self(), name);
  // On Linux a priority is of a thread, whatever its name says; without it, it works as well.
  static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice));
}

nanoseconds Pace::rest_due() {
  const nanoseconds now = thread_time();
  const nanoseconds worked = now - std::exchange(worked_, now);
  if (!is_machine_busy()) return nanoseconds(0);
  return std::min(worked * (100 - kWorkedPercent) / kWorkedPercent, kRestMax);
}

// proc(5): user, nice, system, idle, iowait, irq, softirq and steal, since the machine's start.
Pace::ProcessorTimes Pace::read_processor_times() {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen("/proc/stat", "re"), std::fclose);
  unsigned long long times[8] = {};
  if (file == nullptr ||
      std::fscanf(file.get(), "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &times[0], &times[1],
                  &times[2], &times[3], &times[4], &times[5], &times[6], &times[7]) != 8) {
    return {};
  }
  ProcessorTimes sum;
  for (const unsigned long long time : times) sum.all += time;
  // Not while it waits for a disk: the requests may be waiting for that.
  sum.idle = times[3];
  return sum;
}

bool Pace::is_machine_busy() {
  const auto now = steady_clock::now();
  if (now < looked_at_ + kLookInterval) return busy_;
  looked_at_ = now;
  const ProcessorTimes times = read_processor_times();
  const ProcessorTimes before = std::exchange(times_, times);
  if (times.all <= before.all) return busy_;
  busy_ = (times.idle - before.idle) * 100 < (times.all - before.all) * kIdlePercentMin;
  return busy_;
}

}  // namespace millrace::audit
