#include "app/server_policies.h"

#include "catalog/resource_policy.h"
#include "functions/function_name.h"
#include "functions/policy_text.h"
#include "iam/principals.h"

namespace millrace::app {
namespace {

// Read ones that are kept: of the functions that are called.
constexpr size_t kFunctionPoliciesMax = 1'024;

// "SERVICE" of "arn:aws:SERVICE:…".
std::string_view service_of(std::string_view arn) {
  constexpr std::string_view kPrefix = "arn:aws:";
  if (!arn.starts_with(kPrefix)) return {};
  arn.remove_prefix(kPrefix.size());
  return arn.substr(0, arn.find(':'));
}

template <typename Pointer>
policy::PolicyPointer policy_of(const Pointer& described) {
  return described && described->resource_policy ? described->resource_policy->policy : nullptr;
}

// Of a table, its indexes, which have none of their own, or a stream.
policy::PolicyPointer database_policy(const catalog::Catalog& catalog, std::string_view arn) {
  if (const auto stream = catalog::parse_stream_arn(arn)) {
    return policy_of(catalog.find_stream(stream->table_name, stream->stream_label));
  }
  const auto table = catalog::parse_table_arn(arn.substr(0, arn.find("/index/")));
  return table ? policy_of(catalog.find_table(table->table_name)) : nullptr;
}

}  // namespace

ServerPolicies::ServerPolicies(const iam::AccountStore& store, const iam::Credentials& credentials,
                               catalog::Catalog& catalog)
    : store_(store),
      credentials_(credentials),
      catalog_(catalog),
      listener_(catalog.add_listener([this](const catalog::Change& change) { note(change); })) {
  // Only such as have one: what the listener knows of the others may be newer.
  catalog::Change with_policies;
  for (const std::string& name : catalog.table_names("", SIZE_MAX)) {
    auto table = catalog.find_table(name);
    if (table && table->resource_policy) with_policies.tables.push_back(std::move(table));
  }
  for (auto& stream : catalog.list_streams("", "", "", SIZE_MAX).streams) {
    if (stream->resource_policy) with_policies.streams.push_back(std::move(stream));
  }
  note(with_policies);
}

ServerPolicies::~ServerPolicies() {
  catalog_.remove_listener(listener_);
}

void ServerPolicies::note(const catalog::Change& change) {
  const std::scoped_lock lock(with_policies_mutex_);
  const auto set = [this](const std::string& table, const std::string& label, bool has_policy) {
    if (has_policy) {
      with_policies_.emplace(table, label);
    } else {
      with_policies_.erase({table, label});
    }
  };
  for (const std::string& name : change.dropped_tables) set(name, "", false);
  for (const auto& table : change.tables) set(table->name, "", table->resource_policy != nullptr);
  for (const auto& stream : change.streams) {
    set(stream->table_name, stream->label, stream->resource_policy != nullptr);
  }
  for (const auto& stream : change.dropped_streams) set(stream->table_name, stream->label, false);
  database_has_policies_ = !with_policies_.empty();
}

std::shared_ptr<const policy::PolicySet> ServerPolicies::policies_of(
    const auth::PrincipalPointer& principal) const {
  return credentials_.policies_of(principal);
}

iam::AccountPointer ServerPolicies::account() const {
  return store_.account();
}

policy::PolicyPointer ServerPolicies::resource_policy(std::string_view resource_arn) const {
  const std::string_view service = service_of(resource_arn);
  if (service == "dynamodb") return database_policy(catalog_, resource_arn);
  if (service == "lambda") return function_policy(resource_arn);
  if (service == "iam") {
    const iam::RolePointer role = iam::find_role_by_arn(*store_.account(), resource_arn);
    return role ? role->trust.policy : nullptr;
  }
  return nullptr;
}

policy::PolicyPointer ServerPolicies::function_policy(std::string_view arn) const {
  if (functions_ == nullptr || arn.find(":function:") == std::string_view::npos) return nullptr;
  const auto name = functions::read_function_name(catalog_.site(), arn);
  if (!name.ok()) return nullptr;
  const functions::FunctionPointer function = functions_->find(name->name);
  if (!function) return nullptr;
  const auto found = function->policies.find(name->qualifier);
  if (found == function->policies.end()) return nullptr;
  const std::string& revision_id = found->second.revision_id;
  {
    const std::scoped_lock lock(mutex_);
    const auto kept = function_policies_.find(arn);
    if (kept != function_policies_.end() && kept->second.revision_id == revision_id) {
      return kept->second.policy;
    }
  }
  auto read =
      policy::read_policy(functions::policy_text(found->second), policy::DocumentKind::kResource);
  FunctionPolicy policy{revision_id, read.ok() ? *std::move(read) : nullptr};
  const std::scoped_lock lock(mutex_);
  if (function_policies_.size() >= kFunctionPoliciesMax) function_policies_.clear();
  return (function_policies_[std::string(arn)] = std::move(policy)).policy;
}

}  // namespace millrace::app
