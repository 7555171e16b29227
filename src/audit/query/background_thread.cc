#include "audit/query/background_thread.h"

#include <pthread.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/syscall.h>

namespace millrace::audit::query {

constexpr int kNice = 10;

void enter_background(const char* name) {
  pthread_setname_np(pthread_self(), name);
  // On Linux a priority is of a thread, whatever its name says; without it, it works as well.
  static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), kNice));
}

}  // namespace millrace::audit::query
