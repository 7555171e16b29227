#include "iam/operations/entity.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"
#include "iam/operations/policy_reference.h"
#include "iam/operations/tag_change.h"

namespace millrace::iam {
namespace {

Answer answer_tags(json::Object input, const Tags& tags) {
  const Page page = TRY(page_by_position(input, tags.size()));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Tags");
  writer.begin_array();
  size_t at = 0;
  for (const auto& [key, value] : tags) {
    const bool shown = at >= page.first && at < page.last;
    ++at;
    if (!shown) continue;
    writer.begin_object();
    writer.member("Key", key);
    writer.member("Value", value);
    writer.end_object();
  }
  writer.end_array();
  page.write_end(writer);
  writer.end_object();
  return out;
}

}  // namespace

template <typename Type>
Answer tag(Account& account, const Call& call) {
  Type entity = *TRY(entity_of<Type>(account, call.input));
  entity.tags = TRY(with_tags(std::move(entity.tags), call.input));
  put_entity(account, std::move(entity));
  return std::string();
}

template <typename Type>
Answer untag(Account& account, const Call& call) {
  Type entity = *TRY(entity_of<Type>(account, call.input));
  entity.tags = without_tags(std::move(entity.tags), call.input);
  put_entity(account, std::move(entity));
  return std::string();
}

template <typename Type>
Answer list_tags(const Account& account, const Call& call) {
  const auto entity = TRY(entity_of<Type>(account, call.input));
  return answer_tags(call.input, entity->tags);
}

template Answer tag<User>(Account& account, const Call& call);
template Answer tag<Role>(Account& account, const Call& call);
template Answer untag<User>(Account& account, const Call& call);
template Answer untag<Role>(Account& account, const Call& call);
template Answer list_tags<User>(const Account& account, const Call& call);
template Answer list_tags<Role>(const Account& account, const Call& call);

Answer tag_policy(Account& account, const Call& call) {
  ManagedPolicy policy = *TRY(changeable_policy_of(account, call, "iam:TagPolicy"));
  policy.tags = TRY(with_tags(std::move(policy.tags), call.input));
  put_policy(account, std::move(policy));
  return std::string();
}

Answer untag_policy(Account& account, const Call& call) {
  ManagedPolicy policy = *TRY(changeable_policy_of(account, call, "iam:UntagPolicy"));
  policy.tags = without_tags(std::move(policy.tags), call.input);
  put_policy(account, std::move(policy));
  return std::string();
}

Answer list_policy_tags(const Account& account, const Call& call) {
  const ManagedPolicyPointer policy = TRY(policy_of(account, call.input));
  return answer_tags(call.input, policy->tags);
}

}  // namespace millrace::iam
