#include "functions/instance_pool.h"

#include <algorithm>

#include <boost/asio/post.hpp>

namespace millrace::functions {
namespace {

std::string kind_of(const FunctionVersion& version) {
  return version.name + ":" + version.version + ":" + version.revision_id;
}

}  // namespace

void InstancePool::run(InvocationPointer invocation) {
  if (stopping_) {
    invocation->done(Error{ErrorCode::kServiceException, "The server is stopping."});
    return;
  }
  const std::string kind = kind_of(*invocation->version);
  for (auto idle = idle_.find(kind); idle != idle_.end(); idle = idle_.find(kind)) {
    Instance* const instance = idle->second.back();
    if (instance->is_spent()) {
      instance->end_when_idle();
      continue;
    }
    on_not_idle(*instance);
    instance->invoke(std::move(invocation));
    return;
  }
  make_room();
  auto instance = std::make_shared<Instance>(surroundings_, *this, invocation->version);
  instances_.emplace(instance.get(), instance);
  instance->start(std::move(invocation));
}

void InstancePool::make_room() {
  if (instances_.size() < static_cast<size_t>(surroundings_.settings.concurrency_max)) return;
  Instance* longest = nullptr;
  for (const auto& [kind, instances] : idle_) {
    Instance* const first = instances.front();
    if (longest == nullptr || first->idle_since() < longest->idle_since()) longest = first;
  }
  if (longest != nullptr) longest->end_when_idle();
}

void InstancePool::retire(const std::string& function, const std::string& revision_id) {
  std::vector<std::shared_ptr<Instance>> retired;
  for (const auto& [pointer, instance] : instances_) {
    const FunctionVersion& runs = instance->version();
    if (runs.name != function) continue;
    if (revision_id.empty() || runs.revision_id == revision_id) retired.push_back(instance);
  }
  for (const auto& instance : retired) instance->end_when_idle();
}

void InstancePool::stop() {
  stopping_ = true;
  std::vector<std::shared_ptr<Instance>> all;
  for (const auto& [pointer, instance] : instances_) all.push_back(instance);
  for (const auto& instance : all) instance->stop();
}

void InstancePool::on_idle(Instance& instance) {
  idle_[kind_of(instance.version())].push_back(&instance);
}

void InstancePool::on_not_idle(Instance& instance) {
  const auto idle = idle_.find(kind_of(instance.version()));
  if (idle == idle_.end()) return;
  std::erase(idle->second, &instance);
  if (idle->second.empty()) idle_.erase(idle);
}

void InstancePool::on_ended(Instance& instance) {
  on_not_idle(instance);
  const auto found = instances_.find(&instance);
  if (found == instances_.end()) return;
  // It is one of its functions that calls this.
  boost::asio::post(*surroundings_.loop, [ended = std::move(found->second)] {});
  instances_.erase(found);
}

}  // namespace millrace::functions
