// Which events are wanted now, by whom: the selectors of all trails that are logging and of all
// event data stores that take events in.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "audit/selectors.h"

namespace millrace::audit {

// Thread-safe. Costs nothing but an atomic read for data events that nobody wants.
class Coverage {
 public:
  // From now on; nullopt: it wants no more events.
  void set(SinkId sink, std::optional<Selectors> selectors);

  [[nodiscard]] bool wants_data_events() const { return wants_data_events_; }
  // In rising order.
  [[nodiscard]] std::vector<SinkId> sinks_of(const EventFacts& facts) const;
  // All that there are, whatever they select.
  [[nodiscard]] std::vector<SinkId> all_sinks() const;

 private:
  using Sinks = std::map<SinkId, Selectors>;

  std::mutex change_mutex_;
  std::atomic<std::shared_ptr<const Sinks>> sinks_ = std::make_shared<const Sinks>();
  std::atomic<bool> wants_data_events_ = false;
};

}  // namespace millrace::audit
