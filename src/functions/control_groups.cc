#include "functions/control_groups.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <sys/stat.h>

namespace millrace::functions {
namespace {

constexpr const char* kMounts = "/sys/fs/cgroup";
// Below what version 1 calls it, for a machine with both.
constexpr const char* kUnifiedMount = "/sys/fs/cgroup/unified";
// What is killed needs a moment to be gone.
constexpr int kKillRounds = 20;

bool write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return static_cast<bool>(file);
}

// False, and no file made, when there is none.
bool write_existing_file(const std::string& path, const std::string& text) {
  return access(path.c_str(), F_OK) == 0 && write_file(path, text);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  std::getline(file, text);
  return text;
}

bool has_word(const std::string& list, const std::string& word, char separator) {
  return (separator + list + separator).find(separator + word + separator) != std::string::npos;
}

bool may_make_groups_in(const std::string& parent) {
  const std::string probe = parent + "/millrace-probe-" + std::to_string(getpid());
  if (mkdir(probe.c_str(), 0755) != 0) return false;
  rmdir(probe.c_str());
  return true;
}

}  // namespace

ControlGroups ControlGroups::find() {
  ControlGroups groups;
  std::ifstream memberships("/proc/self/cgroup");
  // "4:memory:/a/b", and "0::/a/b" of version 2.
  for (std::string line; std::getline(memberships, line);) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    if (!controllers.empty()) {
      groups.find_version_1(controllers, group);
    } else if (groups.find_version_2(group)) {
      break;
    }
  }
  return groups;
}

void ControlGroups::find_version_1(const std::string& controllers, const std::string& group) {
  for (const char* controller : {"memory", "pids"}) {
    if (!has_word(controllers, controller, ',')) continue;
    const std::string parent =
        std::string(kMounts) + "/" + controller + (group == "/" ? "" : group);
    if (!may_make_groups_in(parent)) continue;
    (controller[0] == 'm' ? memory_parent_ : processes_parent_) = parent;
  }
}

bool ControlGroups::find_version_2(const std::string& group) {
  const bool hybrid = access((std::string(kUnifiedMount) + "/cgroup.procs").c_str(), F_OK) == 0;
  const std::string parent =
      std::string(hybrid ? kUnifiedMount : kMounts) + (group == "/" ? "" : group);
  const std::string available = read_file(parent + "/cgroup.controllers");
  if (!has_word(available, "memory", ' ') || !has_word(available, "pids", ' ')) return false;
  if (!may_make_groups_in(parent)) return false;

  const std::string switches = parent + "/cgroup.subtree_control";
  if (!has_word(read_file(switches), "memory", ' ') ||
      !has_word(read_file(switches), "pids", ' ')) {
    // A group with groups below it that are bounded has no processes itself.
    const std::string server = parent + "/millrace-server-" + std::to_string(getpid());
    if (mkdir(server.c_str(), 0755) != 0) return false;
    const bool moved = write_file(server + "/cgroup.procs", "0");
    if (!moved || !write_file(switches, "+memory +pids")) {
      if (moved) write_file(parent + "/cgroup.procs", "0");
      rmdir(server.c_str());
      return false;
    }
  }
  memory_parent_ = parent;
  processes_parent_ = parent;
  return true;
}

std::vector<std::string> ControlGroups::make(const std::string& name, uint64_t memory_bytes_max,
                                             uint64_t processes_max) const {
  std::vector<std::string> made;
  const auto make_group = [&](const std::string& parent) {
    std::string group = parent + "/millrace-" + name;
    if (mkdir(group.c_str(), 0755) == 0) made.push_back(std::move(group));
  };
  if (bounds_memory()) make_group(memory_parent_);
  if (bounds_processes() && processes_parent_ != memory_parent_) make_group(processes_parent_);
  const std::string bytes = std::to_string(memory_bytes_max);
  for (const std::string& group : made) {
    // Each group has those of these files that its version and controllers have. What is bounded is
    // memory, so swap is not to stand in for it.
    for (const char* file :
         {"/memory.max", "/memory.limit_in_bytes", "/memory.memsw.limit_in_bytes"}) {
      write_existing_file(group + file, bytes);
    }
    write_existing_file(group + "/memory.swap.max", "0");
    write_existing_file(group + "/pids.max", std::to_string(processes_max));
  }
  return made;
}

void ControlGroups::kill(const std::vector<std::string>& groups) {
  for (const std::string& group : groups) {
    write_existing_file(group + "/pids.max", "0");
    for (int round = 0; round < kKillRounds; ++round) {
      std::ifstream members(group + "/cgroup.procs");
      for (pid_t process = 0; members >> process;) ::kill(process, SIGKILL);
      if (rmdir(group.c_str()) == 0) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

std::optional<int64_t> ControlGroups::memory_peak_bytes(const std::vector<std::string>& groups) {
  for (const std::string& group : groups) {
    for (const char* file : {"/memory.peak", "/memory.max_usage_in_bytes"}) {
      const std::string text = read_file(group + file);
      if (!text.empty()) return std::strtoll(text.c_str(), nullptr, 10);
    }
  }
  return std::nullopt;
}

}  // namespace millrace::functions
