// What an OnFailure destination is told of a batch (AWS Lambda Developer Guide, "Retaining
// discarded batches").
#pragma once

#include <string>

#include "base/random.h"
#include "triggers/failed_batch.h"

namespace millrace::triggers {

enum class FailurePayload { kWithout, kWith };

// JSON. With the payload, the event is in it as text.
[[nodiscard]] std::string failure_record(const FailedBatch& batch, FailurePayload payload);

// "aws/lambda/UUID/SHARD/2026/01/02/2026-01-02T03.04.05-RANDOM": where a bucket keeps it.
[[nodiscard]] std::string failure_object_name(const FailedBatch& batch, Random& random);

}  // namespace millrace::triggers
