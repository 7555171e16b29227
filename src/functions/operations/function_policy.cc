#include <algorithm>

#include <fmt/format.h>

#include "base/uuid.h"
#include "functions/input.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"
#include "functions/policy_text.h"

namespace millrace::functions {
namespace {

constexpr size_t kPolicyBytesMax = 20'480;

void write_single(json::Writer& writer, std::string_view outer, std::string_view name,
                  std::string_view value) {
  writer.key(outer);
  writer.begin_object();
  writer.member(name, value);
  writer.end_object();
}

bool is_account(std::string_view text) {
  return text.size() == 12 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

void write_principal(json::Writer& writer, const std::string& principal) {
  if (principal == "*") {
    writer.member("Principal", "*");
  } else if (is_account(principal)) {
    write_single(writer, "Principal", "AWS", fmt::format("arn:aws:iam::{}:root", principal));
  } else if (principal.starts_with("arn:")) {
    write_single(writer, "Principal", "AWS", principal);
  } else {
    write_single(writer, "Principal", "Service", principal);
  }
}

struct Condition {
  std::string_view comparison;
  std::string_view key;
  std::string_view parameter;
};
constexpr Condition kConditions[] = {
    {"StringEquals", "AWS:SourceAccount", "SourceAccount"},
    {"StringEquals", "aws:PrincipalOrgID", "PrincipalOrgID"},
    {"StringEquals", "lambda:EventSourceToken", "EventSourceToken"},
    {"StringEquals", "lambda:FunctionUrlAuthType", "FunctionUrlAuthType"},
    {"ArnLike", "AWS:SourceArn", "SourceArn"},
};

void write_conditions(json::Writer& writer, json::Object input) {
  std::map<std::string, std::map<std::string, std::string>> conditions;
  for (const Condition& condition : kConditions) {
    if (auto value = optional_text(input, condition.parameter)) {
      conditions[std::string(condition.comparison)][std::string(condition.key)] = *value;
    }
  }
  if (json::member(input, "InvokedViaFunctionUrl")) {
    conditions["Bool"]["lambda:InvokedViaFunctionUrl"] =
        is_set(input, "InvokedViaFunctionUrl") ? "true" : "false";
  }
  if (conditions.empty()) return;
  writer.key("Condition");
  writer.begin_object();
  for (const auto& [comparison, values] : conditions) {
    writer.key(comparison);
    writer.begin_object();
    for (const auto& [key, value] : values) writer.member(key, value);
    writer.end_object();
  }
  writer.end_object();
}

std::string statement_text(json::Object input, const std::string& arn) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.member("Sid", text_or_empty(input, "StatementId"));
  writer.member("Effect", "Allow");
  write_principal(writer, text_or_empty(input, "Principal"));
  writer.member("Action", text_or_empty(input, "Action"));
  writer.member("Resource", arn);
  write_conditions(writer, input);
  writer.end_object();
  return text;
}

// Of $LATEST there is none of its own.
Result<std::string> policy_key(const FunctionApi& api, const Function& function,
                               const FunctionName& name) {
  if (name.qualifier.empty() || function.aliases.contains(name.qualifier)) return name.qualifier;
  if (name.qualifier == kLatest) {
    return invalid_parameter("We currently do not support adding policies for $LATEST.");
  }
  if (!version_of(function, name.qualifier)) return function_not_found(api.site, name);
  return name.qualifier;
}

Error no_policy() {
  return {ErrorCode::kResourceNotFoundException, "The resource you requested does not exist."};
}

}  // namespace

void add_permission(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        const std::string key = TRY(policy_key(api, function, *name));
        Policy& policy = function.policies[key];
        if (!policy.revision_id.empty()) TRY(check_revision(request.input, policy.revision_id));
        const std::string id = text_or_empty(request.input, "StatementId");
        const std::string statement =
            statement_text(request.input, function_arn(api.site, function.name, key));
        if (!policy.statements.emplace(id, statement).second) {
          return Error{ErrorCode::kResourceConflictException,
                       fmt::format("The statement id ({}) provided already exists. Please provide "
                                   "a new statement id, or remove the existing statement.",
                                   id)};
        }
        const size_t bytes = policy_text(policy).size();
        if (bytes > kPolicyBytesMax) {
          return Error{ErrorCode::kPolicyLengthExceededException,
                       fmt::format("The final policy size ({}) is bigger than the limit ({}).",
                                   bytes, kPolicyBytesMax)};
        }
        policy.revision_id = new_uuid(api.random);
        std::string text;
        json::Writer writer(text);
        writer.begin_object();
        writer.member("Statement", statement);
        writer.end_object();
        return text;
      },
      std::move(reply));
}

void remove_permission(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        const std::string key = TRY(policy_key(api, function, *name));
        const auto policy = function.policies.find(key);
        if (policy == function.policies.end()) return no_policy();
        TRY(check_revision(request.input, policy->second.revision_id));
        const std::string id = text_or_empty(request.input, "StatementId");
        if (policy->second.statements.erase(id) == 0) {
          return Error{ErrorCode::kResourceNotFoundException,
                       fmt::format("Statement {} is not found in resource policy.", id)};
        }
        policy->second.revision_id = new_uuid(api.random);
        if (policy->second.statements.empty()) function.policies.erase(policy);
        return std::string();
      },
      std::move(reply));
}

Result<std::string> get_policy(FunctionApi& api, const api::Request& request) {
  const FunctionName name = TRY(requested_function(api, request.input));
  const FunctionPointer function = TRY(existing_function(api, name));
  const std::string key = TRY(policy_key(api, *function, name));
  const auto policy = function->policies.find(key);
  if (policy == function->policies.end()) return no_policy();
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.member("Policy", policy_text(policy->second));
  writer.member("RevisionId", policy->second.revision_id);
  writer.end_object();
  return text;
}

}  // namespace millrace::functions
