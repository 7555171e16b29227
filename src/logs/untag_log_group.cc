#include "logs/input.h"
#include "logs/operations.h"
#include "logs/tag_change.h"

namespace millrace::logs {

void untag_log_group(const Call& call, Reply reply) {
  change_tags(call,
              {string_or_empty(call.input, "logGroupName"), {}, strings_of(call.input, "tags")},
              std::move(reply));
}

}  // namespace millrace::logs
