#include "cli/deploy/dependencies.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "cli/deploy/intrinsics.h"

namespace millrace::cli::deploy {

namespace {

class Ordering {
 public:
  explicit Ordering(const std::vector<TemplateResource>& resources)
      : resources_(resources), states_(resources.size(), State::kNew) {
    for (size_t i = 0; i < resources.size(); ++i) by_id_.emplace(resources[i].logical_id, i);
  }

  Result<std::vector<size_t>> run() {
    for (size_t i = 0; i < resources_.size(); ++i) TRY(visit(i));
    return std::move(order_);
  }

 private:
  enum class State { kNew, kOpen, kDone };

  Result<std::set<size_t>> needed_by(const TemplateResource& resource) const {
    std::set<size_t> needed;
    for (const std::string& id : references_of(resource.properties)) {
      // Others are parameters, or found to be nothing when they are resolved.
      if (const auto found = by_id_.find(id); found != by_id_.end()) needed.insert(found->second);
    }
    for (const std::string& id : resource.depends_on) {
      const auto found = by_id_.find(id);
      if (found == by_id_.end()) {
        return resources::fault(resource.properties,
                                "Resources." + resource.logical_id + ".DependsOn",
                                fmt::format("there is no resource '{}'", id));
      }
      needed.insert(found->second);
    }
    return needed;
  }

  // A path is as long as there are resources, of which a document bounds the number.
  Status visit(size_t index) {
    if (states_[index] == State::kDone) return Done{};
    if (states_[index] == State::kOpen) return cycle(index);
    states_[index] = State::kOpen;
    path_.push_back(index);
    for (const size_t needed : TRY(needed_by(resources_[index]))) TRY(visit(needed));
    path_.pop_back();
    states_[index] = State::kDone;
    order_.push_back(index);
    return Done{};
  }

  [[nodiscard]] Error cycle(size_t index) const {
    std::string text;
    for (auto it = std::ranges::find(path_, index); it != path_.end(); ++it) {
      text += resources_[*it].logical_id + " → ";
    }
    return resources::fault(resources_[index].properties, "Resources",
                            "there is a cycle: " + text + resources_[index].logical_id);
  }

  const std::vector<TemplateResource>& resources_;
  std::map<std::string, size_t> by_id_;
  std::vector<State> states_;
  std::vector<size_t> path_;
  std::vector<size_t> order_;
};

}  // namespace

Result<std::vector<size_t>> order_of(const std::vector<TemplateResource>& resources) {
  return Ordering(resources).run();
}

}  // namespace millrace::cli::deploy
