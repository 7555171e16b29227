#include <array>

#include "access/action_row.h"
#include "access/arn_text.h"
#include "access/operation_names.h"
#include "access/table_resources.h"
#include "ops/input.h"

namespace millrace::access {
namespace {

Status ask_session(Inquiry& inquiry, std::string_view resource) {
  const json::Object input = inquiry.input();
  const Part part{.entity_arn = resource};
  TRY(inquiry.ask(resource, part));
  if (!ops::objects_of(input, "Tags").empty()) {
    TRY(inquiry.ask_for("sts:TagSession", resource, part));
  }
  if (json::member(input, "SourceIdentity")) {
    TRY(inquiry.ask_for("sts:SetSourceIdentity", resource, part));
  }
  return Done{};
}

Status ask_assume_role(Inquiry& inquiry) {
  const auto arn = ops::optional_string(inquiry.input(), "RoleArn");
  return ask_session(inquiry, arn.value_or(kAnything));
}

Status ask_federation_token(Inquiry& inquiry) {
  ArnText arn = ArnText::without_region(inquiry.site(), "sts");
  arn.add("federated-user/").add(ops::optional_string(inquiry.input(), "Name").value_or("*"));
  return ask_session(inquiry, arn.view());
}

// Who one is everybody may ask, and a session of one's own everybody may have (STS API reference).
constexpr Action free_row(std::string_view permission) {
  return row(permission, nullptr);
}

constexpr auto kRows = std::to_array<Action>({
    row("sts:AssumeRole", ask_assume_role),
    row("sts:GetAccessKeyInfo", ask_anything),
    free_row("sts:GetCallerIdentity"),
    row("sts:GetFederationToken", ask_federation_token),
    free_row("sts:GetSessionToken"),
});
static_assert(are_rows_of(kRows, kStsOperations),
              "an operation of the model of sts has no row, or a row no operation");

}  // namespace

std::span<const Action> sts_actions() {
  return kRows;
}

}  // namespace millrace::access
