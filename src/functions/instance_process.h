// The processes of one instance: the supervisor, below it the function, and what that starts.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/bytes.h"
#include "base/result.h"
#include "functions/event_loop.h"
#include "functions/supervisor_message.h"

namespace millrace::functions {

struct InstanceCommand {
  std::string supervisor;  // path of its program
  std::string name;        // of the function, for those who look at the list of processes
  std::vector<std::string> arguments;       // the program's absolute path, and what follows it
  std::vector<std::string> environment;     // NAME=value
  std::string directory;                    // to run in
  std::string scratch_directory;            // is there; removed with all that is in it at the end
  std::vector<std::string> control_groups;  // removed at the end, too
  uint64_t data_bytes_max = UINT64_MAX;     // of each process
  uint64_t file_bytes_max = UINT64_MAX;     // of each file
  uint64_t processes_max = UINT64_MAX;      // of this user, unless it is root
};

struct ProcessEnd {
  // Of an exec that failed; 0: the function was started.
  int start_error = 0;
  int wait_status = 0;  // as from waitpid()
};

class InstanceProcessListener {
 public:
  virtual ~InstanceProcessListener() = default;
  // What it wrote to stdout and stderr. Returns whether there is room for more now; if not,
  // nothing is read until resume_output().
  virtual bool on_output(ByteView bytes) = 0;
  // Nothing of it runs any more, and all of its output has been told of. Once.
  virtual void on_end(const ProcessEnd& end) = 0;
};

// For the loop's thread. Kept alive by what it waits for, until the supervisor has ended.
class InstanceProcess : public std::enable_shared_from_this<InstanceProcess> {
 public:
  // ServiceException when no process can be made. `listener` hears nothing before this returns.
  static Result<std::shared_ptr<InstanceProcess>> start(EventLoop& loop,
                                                        const InstanceCommand& command,
                                                        InstanceProcessListener& listener);

  explicit InstanceProcess(EventLoop& loop);

  // All of its processes. on_end() follows.
  void kill();
  // For when it does not follow: without the supervisor, and what has left the function's process
  // group only by the control groups.
  void kill_supervisor();
  // Tells what it has written by now.
  void read_output();
  void resume_output();
  // Tells the listener nothing more.
  void forget_listener() { listener_ = nullptr; }
  // The most memory that the function's process has had; 0 when that is not known.
  [[nodiscard]] int64_t memory_peak_bytes() const;

 private:
  Status spawn(const InstanceCommand& command);
  void await_output();
  void await_message();
  void await_supervisor();
  void on_message();
  void on_supervisor_lost();
  void finish();
  // False when there is nothing to read now.
  bool read_some_output();

  boost::asio::posix::stream_descriptor output_;
  boost::asio::posix::stream_descriptor control_;
  boost::asio::posix::stream_descriptor supervisor_;  // its pidfd
  InstanceProcessListener* listener_ = nullptr;
  pid_t supervisor_process_ = -1;
  pid_t function_process_ = -1;
  std::string scratch_directory_;
  std::vector<std::string> control_groups_;
  SupervisorMessage message_;
  ProcessEnd end_;
  int64_t memory_kibibytes_ = 0;
  bool reading_ = false;
  bool paused_ = false;
  bool finished_ = false;
};

}  // namespace millrace::functions
