#include "audit/coverage.h"

#include <algorithm>

namespace millrace::audit {

void Coverage::set(SinkId sink, std::optional<Selectors> selectors) {
  std::lock_guard lock(change_mutex_);
  Sinks sinks = *sinks_.load();
  sinks.erase(sink);
  if (selectors) sinks.emplace(sink, std::move(*selectors));
  wants_data_events_ = std::any_of(sinks.begin(), sinks.end(), [](const auto& one) {
    return may_cover(one.second, Category::kData);
  });
  sinks_.store(std::make_shared<const Sinks>(std::move(sinks)));
}

std::vector<SinkId> Coverage::sinks_of(const EventFacts& facts) const {
  std::vector<SinkId> found;
  const auto sinks = sinks_.load();
  for (const auto& [sink, selectors] : *sinks) {
    if (covers(selectors, facts)) found.push_back(sink);
  }
  return found;
}

std::vector<SinkId> Coverage::all_sinks() const {
  std::vector<SinkId> all;
  const auto sinks = sinks_.load();
  for (const auto& [sink, selectors] : *sinks) all.push_back(sink);
  return all;
}

}  // namespace millrace::audit
