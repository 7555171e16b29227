#include "logs/tag_change.h"

#include "json/writer.h"
#include "logs/arn.h"
#include "logs/input.h"

namespace millrace::logs {
namespace {

constexpr size_t kTagsMax = 50;

}  // namespace

void change_tags(const Call& call, TagChange change, Reply reply) {
  const auto apply = [change = std::move(change)](Batch& batch) -> Status {
    const GroupPointer group = batch.find_group(change.group);
    if (group == nullptr) return no_such_group();
    Group changed = *group;
    for (const auto& [key, value] : change.set) changed.tags[key] = value;
    for (const std::string& key : change.removed) changed.tags.erase(key);
    if (changed.tags.size() > kTagsMax) {
      return Error{change.too_many, "A resource can have no more than 50 tags."};
    }
    batch.change_group(std::move(changed));
    return Done{};
  };
  answer_change(call, apply, std::move(reply));
}

Result<std::string> tagged_group_name(const Call& call) {
  return group_name_of_arn(call.site, string_or_empty(call.input, "resourceArn"));
}

Result<std::string> list_tags(const Call& call, const std::string& group_name) {
  const GroupPointer group = call.store.groups().find(group_name);
  if (group == nullptr) return no_such_group();
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("tags");
  writer.begin_object();
  for (const auto& [key, value] : group->tags) writer.member(key, value);
  writer.end_object();
  writer.end_object();
  return out;
}

}  // namespace millrace::logs
