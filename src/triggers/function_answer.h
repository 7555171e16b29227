// What a function's answer says of its batch.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "functions/invocation.h"
#include "triggers/batch.h"
#include "triggers/mapping.h"

namespace millrace::triggers {

enum class BatchOutcome {
  kDone,       // all of it, or the records before `first_failed`
  kFailed,     // the function failed
  kRefused,    // the function did not run: nothing is known of the batch, and nothing is counted
  kThrottled,  // likewise, but only because too many run already
  kTooLarge,   // it is more than a function takes
};

struct BatchResult {
  BatchOutcome outcome = BatchOutcome::kFailed;
  // The number of the first record that is to be tried again; nullopt: none.
  std::optional<size_t> first_failed = {};
  // Of the window, JSON; nullopt: as it was.
  std::optional<std::string> state = {};
  std::string problem = {};  // as LastProcessingResult shows it; empty when all is done
};

// By ReportBatchItemFailures and tumbling windows as the mapping has them.
[[nodiscard]] BatchResult read_answer(const Result<functions::InvokeAnswer>& answer,
                                      const Batch& batch, const Mapping& mapping, bool has_window);

}  // namespace millrace::triggers
