#include "logs/input.h"
#include "logs/operations.h"

namespace millrace::logs {
namespace {

// As many as the service lets an account have: they are kept in memory.
constexpr size_t kGroupsMax = 1'000'000;

Result<Group> read_create_log_group(const Call& call) {
  TRY(refuse_unsupported(call.input, {"kmsKeyId", "deletionProtectionEnabled"}));
  const std::string log_class = optional_string(call.input, "logGroupClass").value_or("STANDARD");
  if (log_class != "STANDARD") {
    return invalid_parameter("This version of Millrace has only the logGroupClass STANDARD");
  }
  Group group;
  group.name = string_or_empty(call.input, "logGroupName");
  if (group.name.starts_with("aws/")) {
    return invalid_parameter("Log groups starting with AWS/ are reserved for AWS.");
  }
  group.tags = TRY(tags_of(call.input));
  return group;
}

}  // namespace

void create_log_group(const Call& call, Reply reply) {
  auto group = read_create_log_group(call);
  if (!group.ok()) return reply(std::move(group).error());
  const auto create = [&store = call.store, group = std::move(*group)](Batch& batch) -> Status {
    if (batch.find_group(group.name) != nullptr) {
      return Error{ErrorCode::kResourceAlreadyExistsException,
                   "The specified log group already exists"};
    }
    if (store.groups().count() >= kGroupsMax) {
      return Error{ErrorCode::kLimitExceededException, "Resource limit exceeded."};
    }
    Group created = group;
    created.created_milliseconds = store.now_milliseconds();
    batch.create_group(std::move(created));
    return Done{};
  };
  answer_change(call, create, std::move(reply));
}

}  // namespace millrace::logs
