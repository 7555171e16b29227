#include "access/action.h"

#include <array>

#include "access/action_row.h"

namespace millrace::access {
namespace {

struct Model {
  std::string_view name;
  std::span<const Action> (*actions)();
};

constexpr auto kModels = std::to_array<Model>({
    {"cloudtrail", cloudtrail_actions},
    {"dynamodb", dynamodb_actions},
    {"dynamodbstreams", dynamodbstreams_actions},
    {"iam", iam_actions},
    {"lambda", lambda_actions},
    {"logs", logs_actions},
    {"millrace", millrace_actions},
    {"sts", sts_actions},
});

}  // namespace

const Action* find_action(std::string_view model, std::string_view operation) {
  const auto found_model = std::ranges::find(kModels, model, &Model::name);
  if (found_model == kModels.end()) return nullptr;
  const auto actions = found_model->actions();
  const auto found = std::ranges::lower_bound(actions, operation, {}, &Action::operation);
  return found == actions.end() || found->operation != operation ? nullptr : &*found;
}

std::string_view signing_service(const Action& action) {
  return action.service;
}

// S3 alone takes it.
bool takes_unsigned_payload(const Action& /*action*/) {
  return false;
}

}  // namespace millrace::access
