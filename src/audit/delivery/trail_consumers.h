// The consumers of one kind that trails have in the spool: a consumer for each trail, and what it
// keeps for itself.
//
// A consumer must see every event since its trail was made, but is made a moment later. So one more
// consumer stays a little behind all, and new ones begin where it is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "audit/spool.h"

namespace millrace::audit {

// For one thread. Engine and spool must outlive it.
class TrailConsumers {
 public:
  // `kind`: "files" or "group".
  TrailConsumers(engine::Engine& engine, Spool& spool, std::string kind)
      : engine_(engine), spool_(spool), kind_(std::move(kind)) {}

  [[nodiscard]] std::string consumer(SinkId sink) const;
  // Under which a consumer keeps its state, and further things.
  [[nodiscard]] Bytes state_key(SinkId sink) const;
  [[nodiscard]] Bytes entry_key(SinkId sink, uint64_t number) const;

  // To be called first. The states of all consumers.
  [[nodiscard]] Result<std::map<SinkId, Bytes>> load();
  // Makes a consumer with this state. Its cursor is returned.
  [[nodiscard]] Result<EventNumber> begin(SinkId sink, Bytes state);
  // Forgets the consumer and all that it kept.
  [[nodiscard]] Status forget(SinkId sink);
  // All consumers are there whose trails were made before an event reached this number. Is in no
  // hurry to note it.
  [[nodiscard]] Status note_complete(EventNumber number, int64_t now_milliseconds);

 private:
  [[nodiscard]] std::string starter() const { return kind_ + "/new"; }

  engine::Engine& engine_;
  Spool& spool_;
  const std::string kind_;
  EventNumber start_ = 0;
  int64_t noted_milliseconds_ = 0;
};

}  // namespace millrace::audit
