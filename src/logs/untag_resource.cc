#include "logs/input.h"
#include "logs/operations.h"
#include "logs/tag_change.h"

namespace millrace::logs {

void untag_resource(const Call& call, Reply reply) {
  auto group = tagged_group_name(call);
  if (!group.ok()) return reply(std::move(group).error());
  change_tags(call, {std::move(*group), {}, strings_of(call.input, "tagKeys")}, std::move(reply));
}

}  // namespace millrace::logs
