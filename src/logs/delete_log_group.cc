#include "logs/input.h"
#include "logs/operations.h"

namespace millrace::logs {

void delete_log_group(const Call& call, Reply reply) {
  const auto remove = [name = string_or_empty(call.input, "logGroupName")](Batch& batch) -> Status {
    const GroupPointer group = batch.find_group(name);
    if (group == nullptr) return no_such_group();
    batch.drop_group(*group);
    return Done{};
  };
  answer_change(call, remove, std::move(reply));
}

}  // namespace millrace::logs
