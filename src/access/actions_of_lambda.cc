#include <array>

#include "access/action_row.h"
#include "access/mapping_resource.h"
#include "access/operation_names.h"
#include "access/passed_role.h"
#include "access/table_resources.h"
#include "functions/function_name.h"
#include "ops/input.h"

namespace millrace::access {
namespace {

std::string_view text_of(const Inquiry& inquiry, std::string_view member) {
  return ops::optional_string(inquiry.input(), member).value_or("");
}

bool has_tags(const Inquiry& inquiry) {
  const auto tags = ops::optional_object(inquiry.input(), "Tags");
  return tags && tags->size() > 0;
}

// With the qualifier that the request gives.
std::string function_resource(const Inquiry& inquiry) {
  const std::string_view text = text_of(inquiry, "FunctionName");
  const auto name =
      functions::read_function_name(inquiry.site(), text, text_of(inquiry, "Qualifier"));
  if (name.ok() && !name->name.empty()) {
    return functions::function_arn(inquiry.site(), name->name, name->qualifier);
  }
  return std::string(text.starts_with("arn:") ? text : kAnything);
}

Status ask_function(Inquiry& inquiry) {
  return inquiry.ask(function_resource(inquiry));
}

Status ask_function_and_role(Inquiry& inquiry) {
  TRY(ask_function(inquiry));
  return ask_pass_role(inquiry, text_of(inquiry, "Role"), "lambda.amazonaws.com");
}

Status ask_create_function(Inquiry& inquiry) {
  TRY(ask_function_and_role(inquiry));
  if (!has_tags(inquiry)) return Done{};
  return inquiry.ask_for("lambda:TagResource", function_resource(inquiry), {});
}

Status ask_mapping(Inquiry& inquiry) {
  return inquiry.ask(mapping_resource(inquiry.site(), text_of(inquiry, "UUID")));
}

Status ask_create_mapping(Inquiry& inquiry) {
  TRY(inquiry.ask(kAnything));
  if (!has_tags(inquiry)) return Done{};
  return inquiry.ask_for("lambda:TagResource", mapping_resource(inquiry.site(), "*"), {});
}

// A function or an event source mapping, by its ARN.
Status ask_tagged(Inquiry& inquiry) {
  const std::string_view arn = text_of(inquiry, "Resource");
  if (arn.starts_with(mapping_resource(inquiry.site(), ""))) return inquiry.ask(arn);
  const auto name = functions::read_function_name(inquiry.site(), arn);
  if (name.ok() && !name->name.empty()) {
    return inquiry.ask(functions::function_arn(inquiry.site(), name->name, name->qualifier));
  }
  return inquiry.ask(arn.starts_with("arn:") ? arn : kAnything);
}

constexpr auto kRows = std::to_array<Action>({
    row("lambda:AddPermission", ask_function),
    row("lambda:CreateAlias", ask_function),
    row("lambda:CreateEventSourceMapping", ask_create_mapping),
    row("lambda:CreateFunction", ask_create_function),
    row("lambda:DeleteAlias", ask_function),
    row("lambda:DeleteEventSourceMapping", ask_mapping),
    row("lambda:DeleteFunction", ask_function),
    row("lambda:DeleteFunctionConcurrency", ask_function),
    row("lambda:DeleteFunctionEventInvokeConfig", ask_function),
    row("lambda:GetAccountSettings", ask_anything),
    row("lambda:GetAlias", ask_function),
    row("lambda:GetEventSourceMapping", ask_mapping),
    row("lambda:GetFunction", ask_function),
    row("lambda:GetFunctionConcurrency", ask_function),
    row("lambda:GetFunctionConfiguration", ask_function),
    row("lambda:GetFunctionEventInvokeConfig", ask_function),
    row("lambda:GetPolicy", ask_function),
    {"Invoke", "lambda", "lambda:InvokeFunction", ask_function},
    row("lambda:InvokeAsync", ask_function),
    row("lambda:ListAliases", ask_function),
    row("lambda:ListEventSourceMappings", ask_anything),
    row("lambda:ListFunctionEventInvokeConfigs", ask_function),
    row("lambda:ListFunctions", ask_anything),
    row("lambda:ListTags", ask_tagged),
    row("lambda:ListVersionsByFunction", ask_function),
    row("lambda:PublishVersion", ask_function),
    row("lambda:PutFunctionConcurrency", ask_function),
    row("lambda:PutFunctionEventInvokeConfig", ask_function),
    row("lambda:RemovePermission", ask_function),
    row("lambda:TagResource", ask_tagged),
    row("lambda:UntagResource", ask_tagged),
    row("lambda:UpdateAlias", ask_function),
    row("lambda:UpdateEventSourceMapping", ask_mapping),
    row("lambda:UpdateFunctionCode", ask_function),
    row("lambda:UpdateFunctionConfiguration", ask_function_and_role),
    row("lambda:UpdateFunctionEventInvokeConfig", ask_function),
});
static_assert(are_rows_of(kRows, kLambdaOperations),
              "an operation of the model of lambda has no row, or a row no operation");

}  // namespace

std::span<const Action> lambda_actions() {
  return kRows;
}

}  // namespace millrace::access
