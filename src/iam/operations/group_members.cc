#include "iam/operations/entity.h"
#include "iam/operations/entity_writer.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"

namespace millrace::iam {

Answer add_user_to_group(Account& account, const Call& call) {
  const GroupPointer group = TRY(entity_of<Group>(account, call.input));
  User user = *TRY(entity_of<User>(account, call.input));
  user.groups.insert(entity_key(group->name));
  if (user.groups.size() > kGroupsPerUserMax) {
    return quota_exceeded("GroupsPerUser", kGroupsPerUserMax);
  }
  put_entity(account, std::move(user));
  return std::string();
}

Answer remove_user_from_group(Account& account, const Call& call) {
  const GroupPointer group = TRY(entity_of<Group>(account, call.input));
  User user = *TRY(entity_of<User>(account, call.input));
  if (user.groups.erase(entity_key(group->name)) == 0) {
    return no_such_entity(fmt::format("User {} is not in group {}.", user.name, group->name));
  }
  put_entity(account, std::move(user));
  return std::string();
}

Answer list_groups_for_user(const Account& account, const Call& call) {
  const UserPointer user = TRY(entity_of<User>(account, call.input));
  std::vector<Keyed<GroupPointer>> groups;
  for (const std::string& key : user->groups) {
    if (auto group = account.find_group(key)) groups.emplace_back(key, std::move(group));
  }
  return answer_page(call.input, "Groups", groups,
                     [](json::Writer& writer, const GroupPointer& group) {
                       writer.begin_object();
                       write_group(writer, *group);
                       writer.end_object();
                     });
}

}  // namespace millrace::iam
