#include "logs/input.h"
#include "logs/operations.h"

namespace millrace::logs {

void create_log_stream(const Call& call, Reply reply) {
  const auto create =
      [&store = call.store, group_name = string_or_empty(call.input, "logGroupName"),
       name = string_or_empty(call.input, "logStreamName")](Batch& batch) -> Status {
    const GroupPointer group = batch.find_group(group_name);
    if (group == nullptr) return no_such_group();
    if (TRY(batch.find_stream(*group, name))) {
      return Error{ErrorCode::kResourceAlreadyExistsException,
                   "The specified log stream already exists"};
    }
    Stream stream;
    stream.name = name;
    stream.created_milliseconds = store.now_milliseconds();
    TRY(batch.create_stream(group_name, std::move(stream)));
    return Done{};
  };
  answer_change(call, create, std::move(reply));
}

}  // namespace millrace::logs
