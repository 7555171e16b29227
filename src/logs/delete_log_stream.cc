#include "logs/input.h"
#include "logs/operations.h"

namespace millrace::logs {

void delete_log_stream(const Call& call, Reply reply) {
  const auto remove = [group_name = string_or_empty(call.input, "logGroupName"),
                       name =
                           string_or_empty(call.input, "logStreamName")](Batch& batch) -> Status {
    const GroupPointer group = batch.find_group(group_name);
    if (group == nullptr) return no_such_group();
    if (!TRY(batch.find_stream(*group, name))) return no_such_stream();
    return batch.drop_stream(*group, name);
  };
  answer_change(call, remove, std::move(reply));
}

}  // namespace millrace::logs
