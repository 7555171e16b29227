// What a request costs to decide: the policies of a user, as they usually are.
#include <benchmark/benchmark.h>

#include "policy/decision.h"

namespace millrace::bench {
namespace {

constexpr std::string_view kPolicy = R"({
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": ["dynamodb:ListTables", "dynamodb:DescribeLimits"],
     "Resource": "*"},
    {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
     "Resource": ["arn:aws:dynamodb:*:*:table/orders", "arn:aws:dynamodb:*:*:table/orders/index/*"]},
    {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"},
    {"Effect": "Deny", "Action": "dynamodb:Delete*", "Resource": "*"}]})";
constexpr std::string_view kPolicyOfOwners = R"({
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow", "Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:*:*:table/orders",
    "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]},
                  "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}})";

class Context final : public policy::RequestContext {
 public:
  [[nodiscard]] std::optional<std::vector<std::string>> values(
      std::string_view key) const override {
    if (key == "dynamodb:LeadingKeys") return std::vector<std::string>{"alice"};
    if (key == "aws:SourceIp") return std::vector<std::string>{"10.1.2.3"};
    return std::nullopt;
  }
};

auth::Principal alice() {
  auth::Principal principal;
  principal.type = auth::PrincipalType::kUser;
  principal.account_id = "123456789012";
  principal.arn = "arn:aws:iam::123456789012:user/alice";
  principal.user_name = "alice";
  return principal;
}

void policy_read(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(policy::read_policy(kPolicy, policy::DocumentKind::kIdentity));
  }
}
BENCHMARK(policy_read);

void policy_decide(benchmark::State& state, std::string_view json) {
  const auth::Principal principal = alice();
  const Context context;
  policy::PolicySet policies;
  policies.identity = {policy::read_policy(json, policy::DocumentKind::kIdentity).value()};
  const policy::Question question{"dynamodb:GetItem",
                                  "arn:aws:dynamodb:us-east-1:123456789012:table/orders", principal,
                                  context};
  for (auto _ : state) benchmark::DoNotOptimize(policy::decide(policies, nullptr, question));
}
BENCHMARK_CAPTURE(policy_decide, statements, kPolicy);
BENCHMARK_CAPTURE(policy_decide, conditions, kPolicyOfOwners);

}  // namespace
}  // namespace millrace::bench
