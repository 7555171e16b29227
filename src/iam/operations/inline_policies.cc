#include "iam/operations/entity.h"
#include "iam/operations/entity_writer.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"
#include "iam/operations/policy_reference.h"

namespace millrace::iam {
namespace {

template <typename Type>
Error no_such_policy(std::string_view name) {
  return no_such_entity(
      fmt::format("The {} policy with name {} cannot be found.", EntityKind<Type>::kNoun, name));
}

size_t inline_characters(const Grants& grants) {
  size_t characters = 0;
  for (const auto& [name, document] : grants.inline_policies) {
    characters += counted_characters(document.json);
  }
  return characters;
}

}  // namespace

template <typename Type>
Answer put_inline_policy(Account& account, const Call& call) {
  Type entity = *TRY(entity_of<Type>(account, call.input));
  PolicyDocument document;
  document.json = text_of(call.input, "PolicyDocument");
  document.policy = TRY(policy::read_policy(document.json, policy::DocumentKind::kIdentity));
  entity.grants.inline_policies[text_of(call.input, "PolicyName")] = std::move(document);
  if (inline_characters(entity.grants) > EntityKind<Type>::kInlineCharactersMax) {
    return limit_exceeded(fmt::format("Maximum policy size of {} bytes exceeded for {} {}",
                                      EntityKind<Type>::kInlineCharactersMax,
                                      EntityKind<Type>::kNoun, entity.name));
  }
  put_entity(account, std::move(entity));
  return std::string();
}

template <typename Type>
Answer get_inline_policy(const Account& account, const Call& call) {
  const auto entity = TRY(entity_of<Type>(account, call.input));
  const std::string name = text_of(call.input, "PolicyName");
  const auto document = entity->grants.inline_policies.find(name);
  if (document == entity->grants.inline_policies.end()) return no_such_policy<Type>(name);
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member(EntityKind<Type>::kMember, entity->name);
  writer.member("PolicyName", name);
  write_document(writer, "PolicyDocument", document->second);
  writer.end_object();
  return out;
}

template <typename Type>
Answer list_inline_policies(const Account& account, const Call& call) {
  const auto entity = TRY(entity_of<Type>(account, call.input));
  std::vector<Keyed<std::string>> names;
  for (const auto& [name, document] : entity->grants.inline_policies) {
    names.emplace_back(name, name);
  }
  return answer_page(call.input, "PolicyNames", names,
                     [](json::Writer& writer, const std::string& name) { writer.string(name); });
}

template <typename Type>
Answer delete_inline_policy(Account& account, const Call& call) {
  Type entity = *TRY(entity_of<Type>(account, call.input));
  const std::string name = text_of(call.input, "PolicyName");
  if (entity.grants.inline_policies.erase(name) == 0) return no_such_policy<Type>(name);
  put_entity(account, std::move(entity));
  return std::string();
}

template Answer put_inline_policy<User>(Account& account, const Call& call);
template Answer put_inline_policy<Group>(Account& account, const Call& call);
template Answer put_inline_policy<Role>(Account& account, const Call& call);
template Answer get_inline_policy<User>(const Account& account, const Call& call);
template Answer get_inline_policy<Group>(const Account& account, const Call& call);
template Answer get_inline_policy<Role>(const Account& account, const Call& call);
template Answer list_inline_policies<User>(const Account& account, const Call& call);
template Answer list_inline_policies<Group>(const Account& account, const Call& call);
template Answer list_inline_policies<Role>(const Account& account, const Call& call);
template Answer delete_inline_policy<User>(Account& account, const Call& call);
template Answer delete_inline_policy<Group>(Account& account, const Call& call);
template Answer delete_inline_policy<Role>(Account& account, const Call& call);

}  // namespace millrace::iam
