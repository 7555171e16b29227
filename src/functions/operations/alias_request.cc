#include "functions/operations/alias_request.h"

#include <fmt/format.h>

#include "base/uuid.h"
#include "functions/function_lookup.h"
#include "functions/input.h"

namespace millrace::functions {
namespace {

constexpr size_t kWeightsMax = 1;

Status check_version(const FunctionApi& api, const Function& function, const std::string& version) {
  if (version_of(function, version)) return Done{};
  return function_not_found(api.site, {function.name, version});
}

Status read_weights(json::Object routing, Alias& alias) {
  alias.weights.clear();
  const auto weights = optional_object(routing, "AdditionalVersionWeights");
  if (!weights) return Done{};
  for (const auto [version, value] : *weights) {
    double weight = 0;
    if (value.get(weight) != simdjson::SUCCESS || weight < 0 || weight > 1) {
      return invalid_parameter(
          fmt::format("The weight of version {} must be a number from 0.0 to 1.0", version));
    }
    alias.weights[std::string(version)] = weight;
  }
  if (alias.weights.size() > kWeightsMax) {
    return invalid_parameter(fmt::format(
        "Number of items in AdditionalVersionWeights cannot be greater than {}", kWeightsMax));
  }
  return Done{};
}

Status check_weights(const FunctionApi& api, const Function& function, const Alias& alias) {
  if (alias.weights.empty()) return Done{};
  if (alias.version == kLatest) {
    return invalid_parameter(
        "$LATEST is not supported for an alias pointing to more than 1 version");
  }
  for (const auto& [version, weight] : alias.weights) {
    if (version == alias.version) {
      return invalid_parameter(
          fmt::format("Invalid function version {0}. Function version {0} is already included in "
                      "routing configuration.",
                      version));
    }
    TRY(check_version(api, function, version));
  }
  return Done{};
}

}  // namespace

Status read_alias(const FunctionApi& api, json::Object input, const Function& function,
                  Alias& alias) {
  if (auto version = optional_text(input, "FunctionVersion")) alias.version = std::move(*version);
  TRY(check_version(api, function, alias.version));
  if (auto text = optional_text(input, "Description")) alias.description = std::move(*text);
  if (const auto routing = optional_object(input, "RoutingConfig")) {
    TRY(read_weights(*routing, alias));
  }
  TRY(check_weights(api, function, alias));
  alias.revision_id = new_uuid(api.random);
  return Done{};
}

Error alias_not_found(const FunctionApi& api, const std::string& function_name,
                      const std::string& alias_name) {
  return {ErrorCode::kResourceNotFoundException,
          "Cannot find alias arn: " + function_arn(api.site, function_name, alias_name)};
}

void write_alias(json::Writer& writer, const FunctionApi& api, const Function& function,
                 const Alias& alias) {
  writer.begin_object();
  writer.member("AliasArn", function_arn(api.site, function.name, alias.name));
  writer.member("Name", alias.name);
  writer.member("FunctionVersion", alias.version);
  writer.member("Description", alias.description);
  if (!alias.weights.empty()) {
    writer.key("RoutingConfig");
    writer.begin_object();
    writer.key("AdditionalVersionWeights");
    writer.begin_object();
    for (const auto& [version, weight] : alias.weights) {
      writer.key(version);
      writer.raw(fmt::format("{}", weight));
    }
    writer.end_object();
    writer.end_object();
  }
  writer.member("RevisionId", alias.revision_id);
  writer.end_object();
}

std::string alias_text(const FunctionApi& api, const Function& function, const Alias& alias) {
  std::string text;
  json::Writer writer(text);
  write_alias(writer, api, function, alias);
  return text;
}

}  // namespace millrace::functions
