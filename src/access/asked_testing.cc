#include "access/asked_testing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "access/action_row.h"
#include "base/check.h"
#include "engine/memory/memory_engine.h"

namespace millrace::access {
namespace {

constexpr int64_t kNowMicroseconds = 1'795'342'830'123'456;

catalog::TablePointer music() {
  auto table = std::make_shared<catalog::Table>();
  table->id = "id of Music";
  table->name = "Music";
  table->key_schema = {{"Artist", AttributeType::kString},
                       catalog::KeyAttribute{"SongTitle", AttributeType::kString}};
  table->partitions = {{1, 0}};
  table->tags = {{"Team", "blue"}};
  catalog::Index index;
  index.name = "ByYear";
  index.global = true;
  index.key_schema = {{{"Year", AttributeType::kNumber}}, {{"Artist", AttributeType::kString}}};
  table->indexes.push_back(std::move(index));
  return table;
}

catalog::TablePointer blobs() {
  auto table = std::make_shared<catalog::Table>();
  table->id = "id of Blobs";
  table->name = "Blobs";
  table->key_schema.partition_key = {"id", AttributeType::kBinary};
  table->partitions = {{2, 0}};
  return table;
}

iam::AccountPointer people() {
  auto account = std::make_shared<iam::Account>();
  account->account_id = "111122223333";
  auto user = std::make_shared<iam::User>();
  user->name = "Bob";
  user->path = "/staff/";
  user->arn = "arn:aws:iam::111122223333:user/staff/Bob";
  user->tags = {{"Team", "red"}};
  user->grants.boundary_arn = "arn:aws:iam::111122223333:policy/Edge";
  user->access_keys.push_back({"AKIABOB", "secret", true, 0});
  account->users.emplace("bob", std::move(user));
  auto role = std::make_shared<iam::Role>();
  role->name = "Writer";
  role->path = "/service/";
  role->arn = "arn:aws:iam::111122223333:role/service/Writer";
  account->roles.emplace("writer", std::move(role));
  return account;
}

json::Object object_of(const Result<json::Document>& document) {
  MILLRACE_CHECK(document.ok());
  json::Object object;
  MILLRACE_CHECK(document->root().get(object) == simdjson::SUCCESS);
  return object;
}

class SeenInquiry final : public Inquiry {
 public:
  SeenInquiry(const Action& action, json::Object input, const AskedRequests& requests,
              const auth::Principal& principal, std::function<void(const Asked&)> see)
      : Inquiry(action, input, requests.catalog().site(), principal),
        requests_(requests),
        see_(std::move(see)) {}

  [[nodiscard]] iam::AccountPointer account() const override { return requests_.account(); }

  Status ask_for(std::string_view permission, std::string_view resource,
                 const Part& part) override {
    static constexpr Circumstances kCircumstances{"192.0.2.7", "aws-cli/2.9", true};
    const Asked asked{
        *this, requests_.catalog(), requests_.clock(), kCircumstances, permission, resource, part};
    see_(asked);
    return Done{};
  }

 private:
  const AskedRequests& requests_;
  const std::function<void(const Asked&)> see_;
};

}  // namespace

AskedRequests::AskedRequests()
    : engine_(engine::open_memory_engine()),
      catalog_(std::move(catalog::Catalog::open(*engine_, {"111122223333", "us-west-2"})).value()),
      clock_(kNowMicroseconds),
      account_(people()) {
  catalog_->publish({{music(), blobs()}, {}, {}});
  auth::Principal caller;
  caller.type = auth::PrincipalType::kUser;
  caller.account_id = "111122223333";
  caller.id = "AIDACALLER";
  caller.arn = "arn:aws:iam::111122223333:user/caller";
  caller.user_name = "caller";
  principal_ = std::make_shared<const auth::Principal>(std::move(caller));
}

void AskedRequests::inquire(std::string_view model, std::string_view operation,
                            std::string_view input, See see) const {
  const auto document = json::Document::parse(input);
  const json::Object object = object_of(document);
  const Action* action = find_action(model, operation);
  MILLRACE_CHECK(action != nullptr);
  if (action->ask == nullptr) return;
  SeenInquiry inquiry(*action, object, *this, *principal_, std::move(see));
  MILLRACE_CHECK(action->ask(inquiry).ok());
}

std::vector<std::string> AskedRequests::questions(std::string_view model,
                                                  std::string_view operation,
                                                  std::string_view input) const {
  std::vector<std::string> found;
  inquire(model, operation, input, [&](const Asked& asked) {
    found.push_back(fmt::format("{} {}", asked.permission, asked.resource));
  });
  return found;
}

std::vector<std::string> AskedRequests::values(std::string_view key, std::string_view model,
                                               std::string_view operation,
                                               std::string_view input) const {
  std::vector<std::string> found;
  inquire(model, operation, input, [&](const Asked& asked) {
    const auto values = ConditionKeys(asked).values(key);
    found.push_back(values ? fmt::format("{}", fmt::join(*values, ",")) : "-");
  });
  return found;
}

void GivenPolicies::give(std::string_view statements) {
  set.identity.clear();
  if (statements.empty()) return;
  const auto text = fmt::format(R"({{"Version":"2012-10-17","Statement":[{}]}})", statements);
  auto policy = policy::read_policy(text, policy::DocumentKind::kIdentity);
  MILLRACE_CHECK(policy.ok());
  set.identity.push_back(std::move(*policy));
}

std::shared_ptr<const policy::PolicySet> GivenPolicies::policies_of(
    const auth::PrincipalPointer& /*principal*/) const {
  return {std::shared_ptr<const policy::PolicySet>(), &set};
}

policy::PolicyPointer GivenPolicies::resource_policy(std::string_view resource_arn) const {
  const auto found = of_resources.find(resource_arn);
  return found == of_resources.end() ? nullptr : found->second;
}

std::string decided(const AskedRequests& requests, const PolicySource& policies,
                    std::string_view model, std::string_view operation, std::string_view input) {
  const auto document = json::Document::parse(input);
  const Authorizer authorizer(policies, requests.catalog(), requests.clock());
  const Action* action = find_action(model, operation);
  MILLRACE_CHECK(action != nullptr);
  const Circumstances circumstances{"192.0.2.7", "aws-cli/2.9", true};
  const Status status =
      authorizer.authorize(requests.principal(), *action, object_of(document), circumstances);
  if (status.ok()) return "allowed";
  MILLRACE_CHECK(status.error().code == ErrorCode::kAccessDeniedException);
  return status.error().message;
}

}  // namespace millrace::access
