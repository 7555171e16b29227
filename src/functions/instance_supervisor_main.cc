// The parent of one instance, a program of its own: starts the function within its limits, and
// when the function ends, or the server wants it to or is gone, kills every descendant, whatever
// sessions they made, removes the scratch directory and the control groups, and ends.
//
//   millrace-instance NAME directory=PATH scratch=PATH data=BYTES file=BYTES processes=COUNT
//                     [group=PATH]... -- PROGRAM ARGUMENT...
//
// Descriptor 3 is the way to the server: SupervisorMessage there, the end of the stream back.
// Written for the C library alone, so that it is small: there is one for each instance.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "functions/supervisor_message.h"

namespace {

using millrace::functions::kSupervisorDescriptor;
using millrace::functions::SupervisorMessage;

constexpr int kGroupsMax = 4;
constexpr rlim_t kOpenFilesMax = 1024;
constexpr int kKillPauseMilliseconds = 5;
constexpr int kRemovalsMax = 100;

struct Options {
  const char* directory = nullptr;
  const char* scratch = nullptr;
  rlim_t data_bytes = RLIM_INFINITY;
  rlim_t file_bytes = RLIM_INFINITY;
  rlim_t processes = RLIM_INFINITY;
  const char* groups[kGroupsMax] = {};
  int group_count = 0;
  char** command = nullptr;
};

const char* value_of(const char* argument, const char* name) {
  const size_t length = strlen(name);
  if (strncmp(argument, name, length) != 0 || argument[length] != '=') return nullptr;
  return argument + length + 1;
}

rlim_t limit_of(const char* text) {
  return strtoull(text, nullptr, 10);
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    if (strcmp(argv[i], "--") == 0) {
      options.command = argv + i + 1;
      return options.directory != nullptr && options.command[0] != nullptr;
    }
    if (const char* directory = value_of(argv[i], "directory")) options.directory = directory;
    if (const char* scratch = value_of(argv[i], "scratch")) options.scratch = scratch;
    if (const char* bytes = value_of(argv[i], "data")) options.data_bytes = limit_of(bytes);
    if (const char* bytes = value_of(argv[i], "file")) options.file_bytes = limit_of(bytes);
    if (const char* count = value_of(argv[i], "processes")) options.processes = limit_of(count);
    const char* group = value_of(argv[i], "group");
    if (group != nullptr && options.group_count < kGroupsMax) {
      options.groups[options.group_count++] = group;
    }
  }
  return false;
}

void tell(int kind, int value, long memory_kibibytes) {
  const SupervisorMessage message = {kind, value, memory_kibibytes};
  // The server may be gone.
  (void)!write(kSupervisorDescriptor, &message, sizeof(message));
}

bool write_file(const char* directory, const char* name, const char* text) {
  char path[4096];
  snprintf(path, sizeof(path), "%s/%s", directory, name);
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool written = write(file, text, strlen(text)) >= 0;
  close(file);
  return written;
}

// Never above what there is.
void limit(decltype(RLIMIT_DATA) resource, rlim_t value) {
  rlimit current = {};
  if (getrlimit(resource, &current) != 0) return;
  if (value > current.rlim_max) value = current.rlim_max;
  current = {value, value};
  setrlimit(resource, &current);
}

// Between vfork and exec: system calls alone. Returns why it failed, if it returns.
int become_function(const Options& options) {
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int i = 0; i < options.group_count; ++i) {
    if (!write_file(options.groups[i], "cgroup.procs", "0")) return errno;
  }
  // When the machine runs out of memory a function goes before the server.
  write_file("/proc/self", "oom_score_adj", "500");
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, kOpenFilesMax);
  limit(RLIMIT_DATA, options.data_bytes);
  limit(RLIMIT_FSIZE, options.file_bytes);
  limit(RLIMIT_NPROC, options.processes);
  if (chdir(options.directory) != 0) return errno;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  execve(options.command[0], options.command, environ);
  return errno;
}

pid_t start_function(const Options& options) {
  static volatile int failure = 0;
  const pid_t child = vfork();
  if (child == 0) {
    failure = become_function(options);
    _exit(127);
  }
  if (child < 0) failure = errno;
  if (failure == 0) return child;
  tell(SupervisorMessage::kNotStarted, failure, 0);
  return -1;
}

// Kills the processes that lost their parents to us.
void kill_children() {
  DIR* processes = opendir("/proc");
  if (processes == nullptr) return;
  while (const dirent* entry = readdir(processes)) {
    const long process = strtol(entry->d_name, nullptr, 10);
    if (process <= 0) continue;
    char path[64];
    char text[512];
    snprintf(path, sizeof(path), "/proc/%ld/stat", process);
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    const ssize_t size = read(file, text, sizeof(text) - 1);
    close(file);
    if (size <= 0) continue;
    text[size] = 0;
    // "1 (any name) S 0": what follows the last parenthesis is state and parent.
    const char* end_of_name = strrchr(text, ')');
    if (end_of_name == nullptr || strlen(end_of_name) < 5) continue;
    if (strtol(end_of_name + 4, nullptr, 10) == getpid()) {
      kill(static_cast<pid_t>(process), SIGKILL);
    }
  }
  closedir(processes);
}

// Until no descendant is left. Those that left the function's group become our children when their
// parents are gone, and are met in a later round.
void kill_all(const Options& options, pid_t function, int& status, long& memory_kibibytes) {
  for (int i = 0; i < options.group_count; ++i) {
    write_file(options.groups[i], "pids.max", "0");
    write_file(options.groups[i], "cgroup.kill", "1");
  }
  // Not reaped yet, so the number is still the group's.
  kill(-function, SIGKILL);
  for (;;) {
    int ended_status = 0;
    rusage usage = {};
    const pid_t ended = wait4(-1, &ended_status, WNOHANG, &usage);
    if (ended == function) {
      status = ended_status;
      memory_kibibytes = usage.ru_maxrss;
    }
    if (ended > 0) continue;
    if (ended < 0 && errno == ECHILD) return;
    kill_children();
    poll(nullptr, 0, kKillPauseMilliseconds);
  }
}

int remove_entry(const char* path, const struct stat* /*status*/, int /*type*/, FTW* /*place*/) {
  (void)remove(path);
  return 0;
}

// The kernel may need a moment to know that it is empty.
void remove_group(const char* group) {
  for (int i = 0; i < kRemovalsMax && rmdir(group) != 0 && errno == EBUSY; ++i) {
    poll(nullptr, 0, kKillPauseMilliseconds);
  }
}

// Reaps orphans. True once the function itself has ended, which is left to be reaped.
bool has_ended(pid_t function) {
  for (;;) {
    siginfo_t ended = {};
    if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) != 0) return errno == ECHILD;
    if (ended.si_pid == 0) return false;
    if (ended.si_pid == function) return true;
    waitpid(ended.si_pid, nullptr, 0);
  }
}

// Until the function has ended or the server has closed its end.
void await_end(pid_t function, int child_signals) {
  for (;;) {
    pollfd waiting[2] = {{kSupervisorDescriptor, POLLIN, 0}, {child_signals, POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0) continue;
    if (waiting[0].revents != 0) return;
    signalfd_siginfo signal_info;
    (void)!read(child_signals, &signal_info, sizeof(signal_info));
    if (has_ended(function)) return;
  }
}

// The function's output is at its end when the function's processes are.
void let_go_of_output() {
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nothing, STDOUT_FILENO);
  dup2(nothing, STDERR_FILENO);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) return 2;
  fcntl(kSupervisorDescriptor, F_SETFD, FD_CLOEXEC);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal(SIGPIPE, SIG_IGN);
  sigset_t child_signal;
  sigemptyset(&child_signal);
  sigaddset(&child_signal, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child_signal, nullptr);
  const int child_signals = signalfd(-1, &child_signal, SFD_CLOEXEC | SFD_NONBLOCK);

  const pid_t function = start_function(options);
  let_go_of_output();
  if (function > 0) {
    tell(SupervisorMessage::kStarted, function, 0);
    await_end(function, child_signals);
    int status = 0;
    long memory_kibibytes = 0;
    kill_all(options, function, status, memory_kibibytes);
    tell(SupervisorMessage::kEnded, status, memory_kibibytes);
  }
  for (int i = 0; i < options.group_count; ++i) remove_group(options.groups[i]);
  if (options.scratch != nullptr) {
    nftw(options.scratch, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
  }
  return 0;
}
