// Who follows one request, and wants to know of its writes of items where they are decided.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "engine/engine.h"

namespace millrace::api {

// Thread-safe. Kept by the request and by its writes.
class WriteObserver {
 public:
  virtual ~WriteObserver() = default;

  // By which the change records of the request's writes are found again.
  [[nodiscard]] virtual std::string_view request_id() const = 0;
  // A write of the request, or its transaction, has come to this in the lane of this partition.
  // What is returned is committed in the same commit, that of a refused one too.
  [[nodiscard]] virtual std::optional<engine::PartitionCommit> decided(
      engine::PartitionId partition, const Status& outcome) = 0;
};
using WriteObserverPointer = std::shared_ptr<WriteObserver>;

}  // namespace millrace::api
