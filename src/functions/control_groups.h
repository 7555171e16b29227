// Control groups (cgroups(7), version 2 or 1) that bound the memory and the processes of an
// instance, where this process may make them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace millrace::functions {

class ControlGroups {
 public:
  // Looks whether they can be made. With version 2 this may move this process into a group of its
  // own below the one it is in, as the kernel wants it of whoever has groups below himself.
  static ControlGroups find();

  [[nodiscard]] bool bounds_memory() const { return !memory_parent_.empty(); }
  [[nodiscard]] bool bounds_processes() const { return !processes_parent_.empty(); }

  // Directories of new groups, in which the supervisor puts the function and which it removes.
  // Empty when none can be made.
  [[nodiscard]] std::vector<std::string> make(const std::string& name, uint64_t memory_bytes_max,
                                              uint64_t processes_max) const;
  // Kills what is in them and removes them, when there is no supervisor left to do it.
  static void kill(const std::vector<std::string>& groups);
  // The most memory that was used in groups that make() has made.
  [[nodiscard]] static std::optional<int64_t> memory_peak_bytes(
      const std::vector<std::string>& groups);

 private:
  bool find_version_2(const std::string& group);
  void find_version_1(const std::string& controllers, const std::string& group);

  // Directories below which groups are made; the same one in version 2.
  std::string memory_parent_;
  std::string processes_parent_;
};

}  // namespace millrace::functions
