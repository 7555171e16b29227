// All policies of this server, each from where it is kept.
#pragma once

#include <map>
#include <mutex>
#include <string>

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
                 const catalog::Catalog& catalog)
      : store_(store), credentials_(credentials), catalog_(catalog) {}

  // Before the first request.
  void set_functions(const functions::FunctionStore& functions) { functions_ = &functions; }

  [[nodiscard]] std::shared_ptr<const policy::PolicySet> policies_of(
      const auth::PrincipalPointer& principal) const override;
  [[nodiscard]] policy::PolicyPointer resource_policy(std::string_view resource_arn) const override;
  [[nodiscard]] iam::AccountPointer account() const override;

 private:
  // A function's policy, read; good while its revision is that.
  struct FunctionPolicy {
    std::string revision_id;
    policy::PolicyPointer policy;
  };

  [[nodiscard]] policy::PolicyPointer function_policy(std::string_view arn) const;

  const iam::AccountStore& store_;
  const iam::Credentials& credentials_;
  const catalog::Catalog& catalog_;
  const functions::FunctionStore* functions_ = nullptr;
  mutable std::mutex mutex_;
  mutable std::map<std::string, FunctionPolicy, std::less<>> function_policies_;  // by ARN
};

}  // namespace millrace::app
