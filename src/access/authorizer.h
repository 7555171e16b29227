// Decides whether a principal may do what a request asks for.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "access/action.h"
#include "auth/principal.h"
#include "base/clock.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "iam/account.h"
#include "json/document.h"
#include "policy/decision.h"

namespace millrace::access {

// Of the request, beside its input: aws:SourceIp, aws:UserAgent, aws:SecureTransport. Views live as
// long as the call.
struct Circumstances {
  std::string_view source_address = {};
  std::string_view user_agent = {};
  bool is_secure = false;  // came over TLS
};

// Where policies come from.
class PolicySource {
 public:
  virtual ~PolicySource() = default;
  // Everything that limits and allows a principal. Never nullptr.
  [[nodiscard]] virtual std::shared_ptr<const policy::PolicySet> policies_of(
      const auth::PrincipalPointer& principal) const = 0;
  // Whether a resource that requests to the service ("dynamodb") are for may have one; asked first,
  // since it makes most requests cheap.
  [[nodiscard]] virtual bool has_resource_policies(std::string_view /*service*/) const {
    return true;
  }
  // That of a table, stream or function, or the trust policy of a role; nullptr: none.
  [[nodiscard]] virtual policy::PolicyPointer resource_policy(
      std::string_view resource_arn) const = 0;
  // What IAM keeps: paths, boundaries and tags of users and roles are read from it. nullptr: not
  // known.
  [[nodiscard]] virtual iam::AccountPointer account() const { return nullptr; }
};

// Thread-safe. What it is made with must outlive it.
class Authorizer {
 public:
  Authorizer(const PolicySource& policies, const catalog::Catalog& catalog, const Clock& clock);

  // Done, or AccessDeniedException in the service's words. `input` has passed api/validate.h. A
  // request for several resources, such as BatchGetItem, is allowed when each is.
  [[nodiscard]] Status authorize(const auth::PrincipalPointer& principal, const Action& action,
                                 json::Object input, const Circumstances& circumstances) const;

 private:
  const PolicySource& policies_;
  const catalog::Catalog& catalog_;
  const Clock& clock_;
};

}  // namespace millrace::access
