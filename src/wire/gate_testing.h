// A gate that does as a test tells it.
#pragma once

#include <vector>

#include "access/gate.h"

namespace millrace::wire {

class ScriptedGate final : public access::Gate {
 public:
  [[nodiscard]] Result<auth::PrincipalPointer> authenticate(
      const http::Request& /*request*/, const access::Action& action) const override {
    authenticated.push_back(&action);
    return answer();
  }
  [[nodiscard]] Result<auth::PrincipalPointer> authenticate_unknown(
      const http::Request& /*request*/) const override {
    authenticated.push_back(nullptr);
    return answer();
  }
  [[nodiscard]] Status authorize(const auth::PrincipalPointer& /*principal*/,
                                 const http::Request& /*request*/, const access::Action& /*action*/,
                                 json::Object input) const override {
    authorized.push_back(simdjson::minify(input));
    return allows ? Status(Done{}) : Status(Error{ErrorCode::kAccessDeniedException, "denied"});
  }
  [[nodiscard]] bool is_enforced() const override { return true; }

  bool knows = true;
  bool allows = true;
  auth::PrincipalPointer principal = auth::service_principal("test.amazonaws.com");
  // What it was asked.
  mutable std::vector<const access::Action*> authenticated;
  mutable std::vector<std::string> authorized;

 private:
  [[nodiscard]] Result<auth::PrincipalPointer> answer() const {
    if (!knows) return Error{ErrorCode::kInvalidSignatureException, "not signed like that"};
    return principal;
  }
};

}  // namespace millrace::wire
