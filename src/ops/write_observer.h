// Who wants to know of a request's writes of items where they are decided, to commit something
// together with them.
#pragma once

#include <optional>

#include "base/result.h"
#include "engine/engine.h"

namespace millrace::ops {

// Of one request. Called in the lanes, so on any thread, and by several at once.
class WriteObserver {
 public:
  virtual ~WriteObserver() = default;

  // The request is one write, or a transaction, and has come to this. What is returned is committed
  // in the same commit, of refused ones too.
  [[nodiscard]] virtual engine::PartitionCommit decided(const Status& outcome) = 0;
  // One of several independent writes of the request has succeeded, in this partition. What is
  // returned is committed with it.
  [[nodiscard]] virtual std::optional<engine::PartitionCommit> decided_one(
      engine::PartitionId partition) = 0;
};

}  // namespace millrace::ops
