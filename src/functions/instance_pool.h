// The instances there are, and which one an invocation goes to.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "functions/instance.h"

namespace millrace::functions {

// For the loop's thread. Destroyed when it is empty, or when the loop runs no more.
class InstancePool final : public InstanceOwner {
 public:
  explicit InstancePool(InstanceSurroundings& surroundings) : surroundings_(surroundings) {}

  // Goes to the instance that was idle for the shortest time, or to a new one.
  void run(InvocationPointer invocation);
  // As FunctionRunner::retire(). Instances that are at work end after that.
  void retire(const std::string& function, const std::string& revision_id);
  // All instances end now.
  void stop();
  [[nodiscard]] bool empty() const { return instances_.empty(); }
  [[nodiscard]] size_t size() const { return instances_.size(); }

 private:
  using IdleInstances = std::vector<Instance*>;  // the last is the one used last

  void on_idle(Instance& instance) override;
  void on_not_idle(Instance& instance) override;
  void on_ended(Instance& instance) override;

  // Ends one instance that was idle for long, if there are as many as there may be.
  void make_room();

  InstanceSurroundings& surroundings_;
  std::map<Instance*, std::shared_ptr<Instance>> instances_;
  std::map<std::string, IdleInstances> idle_;  // by function, version and revision
  bool stopping_ = false;
};

}  // namespace millrace::functions
