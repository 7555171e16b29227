// All policies of this server, each from where it is kept.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "access/authorizer.h"
#include "catalog/catalog.h"
#include "functions/function_store.h"
#include "iam/account_store.h"
#include "iam/sessions.h"

namespace millrace::app {

// Thread-safe. What it is made with must outlive it.
class ServerPolicies final : public access::PolicySource {
 public:
  ServerPolicies(const iam::AccountStore& store, const iam::Credentials& credentials,
                 catalog::Catalog& catalog);
  ~ServerPolicies() override;
  ServerPolicies(const ServerPolicies&) = delete;
  ServerPolicies& operator=(const ServerPolicies&) = delete;

  // Before the first request.
  void set_functions(const functions::FunctionStore& functions) { functions_ = &functions; }

  [[nodiscard]] std::shared_ptr<const policy::PolicySet> policies_of(
      const auth::PrincipalPointer& principal) const override;
  [[nodiscard]] bool has_resource_policies(std::string_view service) const override {
    return service != "dynamodb" || database_has_policies_;
  }
  [[nodiscard]] policy::PolicyPointer resource_policy(std::string_view resource_arn) const override;
  [[nodiscard]] iam::AccountPointer account() const override;

 private:
  // A function's policy, read; good while its revision is that.
  struct FunctionPolicy {
    std::string revision_id;
    policy::PolicyPointer policy;
  };

  [[nodiscard]] policy::PolicyPointer function_policy(std::string_view arn) const;
  void note(const catalog::Change& change);

  const iam::AccountStore& store_;
  const iam::Credentials& credentials_;
  catalog::Catalog& catalog_;
  std::mutex with_policies_mutex_;
  // Tables and streams: the label of a table is empty.
  std::set<std::pair<std::string, std::string>> with_policies_;  // guarded by with_policies_mutex_
  std::atomic<bool> database_has_policies_ = false;
  const functions::FunctionStore* functions_ = nullptr;
  mutable std::mutex mutex_;
  mutable std::map<std::string, FunctionPolicy, std::less<>> function_policies_;  // by ARN
  const catalog::Catalog::ListenerId listener_;  // the last: it uses the others
};

}  // namespace millrace::app
