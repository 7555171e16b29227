#include "iam/operations/entity.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"
#include "iam/operations/policy_reference.h"

namespace millrace::iam {
namespace {

// Which of the users, groups and roles that use a policy a request is for.
struct Filter {
  std::string arn;
  std::string entity;  // "User"; empty: all
  std::string usage;
  std::string path_prefix;

  [[nodiscard]] bool takes(const Entity& found, const Grants& grants) const {
    const bool attached = usage != "PermissionsBoundary" && grants.attached_policies.contains(arn);
    const bool boundary = usage != "PermissionsPolicy" && grants.boundary_arn == arn;
    return (attached || boundary) && found.path.starts_with(path_prefix);
  }
};

struct Found {
  std::string_view title;
  const Entity* entity;
};

// Groups before users before roles, as the answer has them.
template <typename Type>
void find(const Account& account, const Filter& filter, char place,
          std::vector<Keyed<Found>>& found) {
  if (!filter.entity.empty() && filter.entity != EntityKind<Type>::kTitle) return;
  for (const auto& [key, entity] : EntityKind<Type>::all(account)) {
    if (!filter.takes(*entity, entity->grants)) continue;
    found.emplace_back(place + key, Found{EntityKind<Type>::kTitle, entity.get()});
  }
}

void write_list(json::Writer& writer, std::string_view list, std::string_view title,
                const std::vector<Keyed<Found>>& found, const Page& page) {
  writer.key(list);
  writer.begin_array();
  for (size_t at = page.first; at < page.last; ++at) {
    const Found& entity = found[at].second;
    if (entity.title != title) continue;
    writer.begin_object();
    writer.member(fmt::format("{}Name", title), entity.entity->name);
    writer.member(fmt::format("{}Id", title), entity.entity->id);
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace

Answer list_entities_for_policy(const Account& account, const Call& call) {
  const ManagedPolicyPointer policy = TRY(policy_of(account, call.input));
  const Filter filter{policy->arn, text_of(call.input, "EntityFilter"),
                      text_of(call.input, "PolicyUsageFilter"), text_of(call.input, "PathPrefix")};
  std::vector<Keyed<Found>> found;
  find<Group>(account, filter, '1', found);
  find<User>(account, filter, '2', found);
  find<Role>(account, filter, '3', found);
  const Page page = TRY(page_of(call.input, found));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  write_list(writer, "PolicyGroups", "Group", found, page);
  write_list(writer, "PolicyUsers", "User", found, page);
  write_list(writer, "PolicyRoles", "Role", found, page);
  page.write_end(writer);
  writer.end_object();
  return out;
}

}  // namespace millrace::iam
