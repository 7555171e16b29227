#include "iam/identifiers.h"
#include "iam/operations/entity.h"
#include "iam/operations/entity_writer.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"

namespace millrace::iam {
namespace {

// In the order of their keys.
std::vector<Keyed<UserPointer>> members_of(const Account& account, const std::string& group_key) {
  std::vector<Keyed<UserPointer>> members;
  for (const auto& [key, user] : account.users) {
    if (user->groups.contains(group_key)) members.emplace_back(key, user);
  }
  return members;
}

void rename_in_members(Account& account, const std::string& old_key, const std::string& new_key) {
  for (const auto& [key, user] : members_of(account, old_key)) {
    User changed = *user;
    changed.groups.erase(old_key);
    changed.groups.insert(new_key);
    put_entity(account, std::move(changed));
  }
}

}  // namespace

Answer create_group(Account& account, const Call& call) {
  Group group;
  group.name = text_of(call.input, "GroupName");
  if (auto status = check_new_name<Group>(account, group.name); !status) return status.error();
  if (auto status = check_count<Group>(account); !status) return status.error();
  group.path = optional_text(call.input, "Path").value_or("/");
  group.id = make_entity_id(EntityKind<Group>::kIdPrefix, call.secrets);
  group.arn = entity_arn(account.account_id, "group", group.path, group.name);
  group.created_seconds = call.now_seconds;
  std::string answer =
      answer_object("Group", [&](json::Writer& writer) { write_group(writer, group); });
  put_entity(account, std::move(group));
  return answer;
}

Answer get_group(const Account& account, const Call& call) {
  const GroupPointer group = TRY(entity_of<Group>(account, call.input));
  const auto members = members_of(account, entity_key(group->name));
  const Page page = TRY(page_of(call.input, members));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Group");
  writer.begin_object();
  write_group(writer, *group);
  writer.end_object();
  writer.key("Users");
  writer.begin_array();
  for (size_t at = page.first; at < page.last; ++at) {
    writer.begin_object();
    write_user(writer, *members[at].second, Detail::kListed);
    writer.end_object();
  }
  writer.end_array();
  page.write_end(writer);
  writer.end_object();
  return out;
}

Answer list_groups(const Account& account, const Call& call) {
  const std::string prefix = text_of(call.input, "PathPrefix");
  std::vector<Keyed<GroupPointer>> groups;
  for (const auto& [key, group] : account.groups) {
    if (group->path.starts_with(prefix)) groups.emplace_back(key, group);
  }
  return answer_page(call.input, "Groups", groups,
                     [](json::Writer& writer, const GroupPointer& group) {
                       writer.begin_object();
                       write_group(writer, *group);
                       writer.end_object();
                     });
}

Answer update_group(Account& account, const Call& call) {
  Group group = *TRY(entity_of<Group>(account, call.input));
  const std::string old_key = entity_key(group.name);
  if (auto name = optional_text(call.input, "NewGroupName")) {
    if (entity_key(*name) != old_key) {
      if (auto status = check_new_name<Group>(account, *name); !status) return status.error();
    }
    group.name = std::move(*name);
  }
  if (auto path = optional_text(call.input, "NewPath")) group.path = std::move(*path);
  group.arn = entity_arn(account.account_id, "group", group.path, group.name);
  const std::string new_key = entity_key(group.name);
  if (new_key != old_key) rename_in_members(account, old_key, new_key);
  account.groups.erase(old_key);
  put_entity(account, std::move(group));
  return std::string();
}

Answer delete_group(Account& account, const Call& call) {
  const GroupPointer group = TRY(entity_of<Group>(account, call.input));
  const std::string key = entity_key(group->name);
  if (!members_of(account, key).empty()) {
    return delete_conflict("Cannot delete entity, must remove users from group first.");
  }
  if (auto status = check_no_policies(group->grants); !status) return status.error();
  account.groups.erase(key);
  return std::string();
}

}  // namespace millrace::iam
