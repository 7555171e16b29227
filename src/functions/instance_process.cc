#include "functions/instance_process.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <system_error>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/log.h"
#include "functions/control_groups.h"

namespace millrace::functions {
namespace {

using boost::system::error_code;
using Descriptor = boost::asio::posix::stream_descriptor;

constexpr size_t kReadBytes = 64 * 1024;
// What is read of the output at once, so that a function that floods leaves time for others.
constexpr int kReadsMax = 4;

Error start_failure(std::string_view what, int error) {
  return {ErrorCode::kServiceException, "an instance cannot be started: " + std::string(what) +
                                            ": " + std::generic_category().message(error)};
}

// Closed on destruction unless released.
class Handle {
 public:
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (value >= 0) close(value);
  }
  int release() { return std::exchange(value, -1); }

  int value = -1;
};

// As posix_spawn wants it. Points into the strings.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> supervisor_arguments(const InstanceCommand& command) {
  std::vector<std::string> arguments = {
      "millrace-instance",
      command.name,
      "directory=" + command.directory,
      "scratch=" + command.scratch_directory,
      "data=" + std::to_string(command.data_bytes_max),
      "file=" + std::to_string(command.file_bytes_max),
      "processes=" + std::to_string(command.processes_max),
  };
  for (const std::string& group : command.control_groups) arguments.push_back("group=" + group);
  arguments.emplace_back("--");
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  return arguments;
}

// 0 or an errno. A session of its own, no signal blocked or ignored, and no descriptor but these.
int spawn_supervisor(const InstanceCommand& command, int output, int control, pid_t& process) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, control, kSupervisorDescriptor);
  posix_spawn_file_actions_addclosefrom_np(&actions, kSupervisorDescriptor + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  const std::vector<std::string> arguments = supervisor_arguments(command);
  const int error =
      posix_spawn(&process, command.supervisor.c_str(), &actions, &attributes,
                  pointers_to(arguments).data(), pointers_to(command.environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

InstanceProcess::InstanceProcess(EventLoop& loop)
    : output_(loop), control_(loop), supervisor_(loop) {}

Result<std::shared_ptr<InstanceProcess>> InstanceProcess::start(EventLoop& loop,
                                                                const InstanceCommand& command,
                                                                InstanceProcessListener& listener) {
  auto process = std::make_shared<InstanceProcess>(loop);
  TRY(process->spawn(command));
  process->listener_ = &listener;
  process->await_output();
  process->await_message();
  process->await_supervisor();
  return process;
}

Status InstanceProcess::spawn(const InstanceCommand& command) {
  std::array<int, 2> output = {};
  if (pipe2(output.data(), O_CLOEXEC) != 0) return start_failure("a pipe", errno);
  Handle output_read;
  Handle output_write;
  output_read.value = output[0];
  output_write.value = output[1];
  std::array<int, 2> control = {};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control.data()) != 0) {
    return start_failure("a socket", errno);
  }
  Handle control_here;
  Handle control_there;
  control_here.value = control[0];
  control_there.value = control[1];
  // The function's end of the pipe blocks, ours does not.
  fcntl(output[0], F_SETFL, O_NONBLOCK);

  const int error =
      spawn_supervisor(command, output_write.value, control_there.value, supervisor_process_);
  if (error != 0) return start_failure(command.supervisor, error);
  const int supervisor = static_cast<int>(syscall(SYS_pidfd_open, supervisor_process_, 0));
  if (supervisor < 0) {
    const int failure = errno;
    // It ends when it finds its way here closed.
    control_here.value = (close(control_here.release()), -1);
    waitpid(supervisor_process_, nullptr, 0);
    return start_failure("a descriptor of the process", failure);
  }
  scratch_directory_ = command.scratch_directory;
  control_groups_ = command.control_groups;
  output_.assign(output_read.release());
  control_.assign(control_here.release());
  supervisor_.assign(supervisor);
  return Done{};
}

void InstanceProcess::kill() {
  if (finished_) return;
  if (control_.is_open()) shutdown(control_.native_handle(), SHUT_WR);
}

void InstanceProcess::kill_supervisor() {
  if (!finished_ && supervisor_.is_open()) ::kill(supervisor_process_, SIGKILL);
}

void InstanceProcess::await_output() {
  if (reading_ || paused_ || !output_.is_open()) return;
  reading_ = true;
  output_.async_wait(Descriptor::wait_read, [self = shared_from_this()](error_code error) {
    self->reading_ = false;
    if (error || self->finished_) return;
    for (int i = 0; i < kReadsMax && !self->paused_; ++i) {
      if (!self->read_some_output()) break;
    }
    self->await_output();
  });
}

bool InstanceProcess::read_some_output() {
  static thread_local std::array<char, kReadBytes> buffer;
  if (!output_.is_open()) return false;
  const ssize_t size = read(output_.native_handle(), buffer.data(), buffer.size());
  if (size < 0) return errno == EINTR;
  if (size == 0) {
    output_.close();
    return false;
  }
  if (listener_ != nullptr && !listener_->on_output({buffer.data(), static_cast<size_t>(size)})) {
    paused_ = true;
  }
  return static_cast<size_t>(size) == buffer.size();
}

void InstanceProcess::read_output() {
  for (int i = 0; i < kReadsMax && !paused_; ++i) {
    if (!read_some_output()) return;
  }
}

void InstanceProcess::resume_output() {
  if (!paused_) return;
  paused_ = false;
  await_output();
}

void InstanceProcess::await_message() {
  boost::asio::async_read(control_, boost::asio::buffer(&message_, sizeof(message_)),
                          [self = shared_from_this()](error_code error, size_t /*bytes*/) {
                            // The end of the stream is the end of the supervisor.
                            if (error) return;
                            self->on_message();
                          });
}

void InstanceProcess::on_message() {
  switch (message_.kind) {
    case SupervisorMessage::kStarted:
      function_process_ = message_.value;
      await_message();
      return;
    case SupervisorMessage::kNotStarted:
      end_.start_error = message_.value;
      break;
    case SupervisorMessage::kEnded:
      end_.wait_status = message_.value;
      memory_kibibytes_ = message_.memory_kibibytes;
      break;
    default:
      return;
  }
  finish();
}

void InstanceProcess::await_supervisor() {
  supervisor_.async_wait(Descriptor::wait_read, [self = shared_from_this()](error_code error) {
    if (error) return;
    waitpid(self->supervisor_process_, nullptr, 0);
    self->supervisor_.close();
    if (self->finished_) return;
    // Its last words may not be read yet.
    boost::asio::post(self->control_.get_executor(), [self] {
      if (self->finished_) return;
      self->on_supervisor_lost();
    });
  });
}

// The function itself goes with its supervisor.
void InstanceProcess::on_supervisor_lost() {
  log::warn("the supervisor of an instance was killed",
            {{"process", std::to_string(supervisor_process_)}});
  if (function_process_ > 0) ::kill(-function_process_, SIGKILL);
  ControlGroups::kill(control_groups_);
  std::error_code error;
  std::filesystem::remove_all(scratch_directory_, error);
  end_.wait_status = SIGKILL;
  finish();
}

void InstanceProcess::finish() {
  if (finished_) return;
  // The writers are gone: what the pipe holds is the rest.
  paused_ = false;
  while (read_some_output()) {
  }
  finished_ = true;
  function_process_ = -1;
  error_code ignored;
  output_.close(ignored);
  control_.close(ignored);
  if (listener_ != nullptr) std::exchange(listener_, nullptr)->on_end(end_);
}

int64_t InstanceProcess::memory_peak_bytes() const {
  if (function_process_ <= 0) return memory_kibibytes_ * 1024;
  const std::string path = "/proc/" + std::to_string(function_process_) + "/status";
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return 0;
  long kibibytes = 0;
  std::array<char, 256> line = {};
  while (std::fgets(line.data(), line.size(), file) != nullptr) {
    if (std::sscanf(line.data(), "VmHWM: %ld kB", &kibibytes) == 1) break;
  }
  std::fclose(file);
  return kibibytes * 1024;
}

}  // namespace millrace::functions
