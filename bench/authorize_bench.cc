// Whether a GetItem is allowed, by policies of a few statements.
#include <benchmark/benchmark.h>

#include "access/authorizer.h"
#include "engine/memory/memory_engine.h"

namespace millrace::bench {
namespace {

constexpr std::string_view kRequest =
    R"({"TableName":"Music","Key":{"Artist":{"S":"alice"},"SongTitle":{"S":"a song"}}})";
constexpr std::string_view kFourStatements = R"({"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["logs:*","cloudtrail:Get*"],"Resource":"*"},
    {"Effect":"Deny","Action":"dynamodb:DeleteTable","Resource":"*"},
    {"Effect":"Allow","Action":["dynamodb:Query","dynamodb:PutItem","dynamodb:GetItem"],
     "Resource":["arn:aws:dynamodb:*:*:table/Other","arn:aws:dynamodb:us-east-1:*:table/Mus*"]},
    {"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:*:*:function:f"}]})";
constexpr std::string_view kLeadingKeys = R"({"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:*:*:table/Music",
     "Condition":{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["${aws:username}"]}}}]})";

class OneSet final : public access::PolicySource {
 public:
  explicit OneSet(policy::PolicySet set)
      : set_(std::make_shared<const policy::PolicySet>(std::move(set))) {}

  [[nodiscard]] std::shared_ptr<const policy::PolicySet> policies_of(
      const auth::PrincipalPointer& /*principal*/) const override {
    return set_;
  }
  [[nodiscard]] bool has_resource_policies(std::string_view /*service*/) const override {
    return false;
  }
  [[nodiscard]] policy::PolicyPointer resource_policy(
      std::string_view /*resource_arn*/) const override {
    return nullptr;
  }

 private:
  std::shared_ptr<const policy::PolicySet> set_;
};

catalog::TablePointer music() {
  auto table = std::make_shared<catalog::Table>();
  table->name = "Music";
  table->key_schema = {{"Artist", AttributeType::kString},
                       catalog::KeyAttribute{"SongTitle", AttributeType::kString}};
  table->partitions = {{1, 0}};
  return table;
}

void authorize(benchmark::State& state, policy::PolicySet set) {
  const auto engine = engine::open_memory_engine();
  const auto catalog = std::move(catalog::Catalog::open(*engine, {})).value();
  catalog->publish({{music()}, {}, {}});
  const SystemClock clock;
  const OneSet policies(std::move(set));
  const access::Authorizer authorizer(policies, *catalog, clock);
  auth::Principal alice;
  alice.type = auth::PrincipalType::kUser;
  alice.user_name = "alice";
  const auto principal = std::make_shared<const auth::Principal>(std::move(alice));
  const auto document = std::move(json::Document::parse(kRequest)).value();
  const json::Object input = document.root().get_object().value_unsafe();
  const access::Action& action = *access::find_action("dynamodb", "GetItem");
  for (auto _ : state) {
    const Status status =
        authorizer.authorize(principal, action, input, {"127.0.0.1", "aws", true});
    if (!status.ok()) return state.SkipWithError("refused");
  }
}

policy::PolicySet of_text(std::string_view text) {
  policy::PolicySet set;
  set.identity.push_back(policy::read_policy(text, policy::DocumentKind::kIdentity).value());
  return set;
}

void authorize_root(benchmark::State& state) {
  policy::PolicySet set;
  set.unrestricted = true;
  authorize(state, std::move(set));
}
BENCHMARK(authorize_root);

void authorize_by_four_statements(benchmark::State& state) {
  authorize(state, of_text(kFourStatements));
}
BENCHMARK(authorize_by_four_statements);

void authorize_by_leading_keys(benchmark::State& state) {
  authorize(state, of_text(kLeadingKeys));
}
BENCHMARK(authorize_by_leading_keys);

}  // namespace
}  // namespace millrace::bench
