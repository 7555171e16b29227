#include "logs/input.h"
#include "logs/operations.h"
#include "logs/tag_change.h"

namespace millrace::logs {

void tag_log_group(const Call& call, Reply reply) {
  auto tags = tags_of(call.input);
  if (!tags.ok()) return reply(std::move(tags).error());
  change_tags(call, {string_or_empty(call.input, "logGroupName"), std::move(*tags), {}},
              std::move(reply));
}

}  // namespace millrace::logs
