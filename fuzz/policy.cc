// A policy of each kind, which is then asked. What can be read says the same when it is read
// again, also from its canonical text; nothing is slow.
#include "base/check.h"
#include "policy/canonical_document.h"
#include "policy/decision.h"

namespace {

using namespace millrace;
using policy::DocumentKind;

class Context final : public policy::RequestContext {
 public:
  [[nodiscard]] std::optional<std::vector<std::string>> values(
      std::string_view key) const override {
    switch (key.size() % 4) {
      case 0:
        return std::nullopt;
      case 1:
        return std::vector<std::string>{"10.1.2.3", "true", "17"};
      case 2:
        return std::vector<std::string>{"2026-01-02T03:04:05Z"};
      default:
        return std::vector<std::string>{std::string(key)};
    }
  }
};

auth::Principal user() {
  auth::Principal principal;
  principal.type = auth::PrincipalType::kUser;
  principal.account_id = "123456789012";
  principal.id = "AIDAALICEALICEALICE12";
  principal.arn = "arn:aws:iam::123456789012:user/alice";
  principal.user_name = "alice";
  principal.tags = {{"team", "a*b"}};
  return principal;
}

void ask(const policy::PolicyPointer& read, const policy::PolicyPointer& again) {
  static const auth::Principal principal = user();
  const Context context;
  const std::string long_resource =
      "arn:aws:dynamodb:us-east-1:123456789012:table/" + std::string(200, 'a');
  for (const std::string_view resource :
       {std::string_view("arn:aws:dynamodb:us-east-1:123456789012:table/Music"),
        std::string_view(long_resource), std::string_view("*")}) {
    const policy::Question question{"dynamodb:GetItem", resource, principal, context};
    const auto verdict = policy::evaluate(*read, question);
    MILLRACE_CHECK(policy::evaluate(*again, question) == verdict);
    policy::PolicySet policies;
    policies.identity = {read};
    const policy::Decision decision = policy::decide(policies, again.get(), question);
    MILLRACE_CHECK(!decision.allowed() || verdict == policy::Verdict::kAllowed);
    if (verdict == policy::Verdict::kExplicitDeny) MILLRACE_CHECK(!decision.allowed());
    MILLRACE_CHECK(!policy::denial_message(decision, question).empty());
  }
  MILLRACE_CHECK(policy::context_keys(*read) == policy::context_keys(*again));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto kind :
       {DocumentKind::kIdentity, DocumentKind::kResource, DocumentKind::kRoleTrust}) {
    const auto read = policy::read_policy(text, kind);
    if (!read.ok()) {
      MILLRACE_CHECK(read.error().code == ErrorCode::kMalformedPolicyDocument);
      continue;
    }
    const std::string canonical = policy::canonical_document(text, kind).value();
    const auto again = policy::read_policy(canonical, kind);
    MILLRACE_CHECK(again.ok());
    MILLRACE_CHECK(policy::canonical_document(canonical, kind).value() == canonical);
    ask(*read, *again);
  }
  return 0;
}
