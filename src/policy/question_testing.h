// Questions for tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "policy/decision.h"

namespace millrace::policy {

class FakeContext final : public RequestContext {
 public:
  using Values = std::map<std::string, std::vector<std::string>, std::less<>>;
  FakeContext() = default;
  explicit FakeContext(Values values) : values_(std::move(values)) {}

  [[nodiscard]] std::optional<std::vector<std::string>> values(std::string_view key) const override;

 private:
  Values values_;
};

inline constexpr std::string_view kTableArn = "arn:aws:dynamodb:us-east-1:123456789012:table/Music";

// "arn:aws:iam::123456789012:user/alice", tagged team=blue.
[[nodiscard]] auth::Principal alice();
// Session "run" of the role "worker".
[[nodiscard]] auth::Principal worker();
[[nodiscard]] auth::Principal root();
[[nodiscard]] auth::Principal service(std::string name);

// Of a text in which ' stands for ". Asserts that it can be read.
[[nodiscard]] PolicyPointer policy_of(std::string_view text, DocumentKind kind);
// With these elements after its Effect, and '2012-10-17' for its version.
[[nodiscard]] PolicyPointer identity_policy(std::string_view effect, std::string_view elements);
[[nodiscard]] PolicyPointer resource_policy(std::string_view effect, std::string_view elements);
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace millrace::policy
