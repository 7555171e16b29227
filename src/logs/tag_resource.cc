#include "logs/input.h"
#include "logs/operations.h"
#include "logs/tag_change.h"

namespace millrace::logs {

void tag_resource(const Call& call, Reply reply) {
  auto group = tagged_group_name(call);
  if (!group.ok()) return reply(std::move(group).error());
  auto tags = tags_of(call.input);
  if (!tags.ok()) return reply(std::move(tags).error());
  change_tags(call, {std::move(*group), std::move(*tags), {}, ErrorCode::kTooManyTagsException},
              std::move(reply));
}

}  // namespace millrace::logs
