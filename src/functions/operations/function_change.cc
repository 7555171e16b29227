#include "functions/operations/function_change.h"

#include <algorithm>

#include "base/uuid.h"
#include "functions/function_configuration.h"
#include "functions/input.h"

namespace millrace::functions {
namespace {

Status check_endpoint(const std::string& endpoint) {
  const bool is_url = endpoint.starts_with("http://") || endpoint.starts_with("https://");
  const bool is_clean =
      std::ranges::none_of(endpoint, [](char c) { return c <= ' ' || c == '\x7F'; });
  if (is_url && is_clean) return Done{};
  return invalid_parameter("The value of the tag " + std::string(kEndpointTag) +
                           " must be a URL that begins with http:// or https://");
}

FunctionVersionPointer with_endpoint(const FunctionApi& api, const FunctionVersion& version,
                                     const std::string& endpoint) {
  auto changed = std::make_shared<FunctionVersion>(version);
  changed->endpoint = endpoint;
  changed->revision_id = new_uuid(api.random);
  return changed;
}

}  // namespace

void change_function(FunctionApi& api, const FunctionName& name, ApplyChange apply,
                     api::RestReply reply) {
  auto response = std::make_shared<std::string>();
  api.store.change(
      name.name,
      [&](const FunctionPointer& current) -> Result<FunctionPointer> {
        if (!current) return function_not_found(api.site, name);
        auto changed = std::make_shared<Function>(*current);
        *response = TRY(apply(*changed));
        return FunctionPointer(std::move(changed));
      },
      [response, reply = std::move(reply)](Result<FunctionPointer> changed) {
        if (!changed.ok()) return reply(std::move(changed).error());
        reply(api::RestAnswer{std::move(*response)});
      });
}

Result<FunctionName> requested_function(const FunctionApi& api, json::Object input) {
  return read_function_name(api.site, text_or_empty(input, "FunctionName"),
                            text_or_empty(input, "Qualifier"));
}

Result<FunctionPointer> existing_function(const FunctionApi& api, const FunctionName& name) {
  FunctionPointer function = api.store.find(name.name);
  if (!function) return function_not_found(api.site, name);
  return function;
}

Result<FoundVersion> requested_version(const FunctionApi& api, json::Object input) {
  return find_version(api.store, api.site, text_or_empty(input, "FunctionName"),
                      text_or_empty(input, "Qualifier"));
}

Status check_role(const FunctionApi& api, const std::string& role_arn) {
  if (!api.is_role_for_functions || api.is_role_for_functions(role_arn)) return Done{};
  return invalid_parameter("The role defined for the function cannot be assumed by Lambda.");
}

Error revision_mismatch() {
  return {ErrorCode::kPreconditionFailedException,
          "The Revision Id provided does not match the latest Revision Id. Call the "
          "GetFunction/GetAlias API to retrieve the latest Revision Id"};
}

Status check_revision(json::Object input, const std::string& revision_id) {
  const auto given = optional_text(input, "RevisionId");
  if (!given || *given == revision_id) return Done{};
  return revision_mismatch();
}

void replace_latest(const FunctionApi& api, Function& function,
                    const std::function<void(FunctionVersion&)>& change) {
  auto latest = std::make_shared<FunctionVersion>(*function.latest);
  change(*latest);
  latest->revision_id = new_uuid(api.random);
  latest->last_modified_milliseconds = api.clock.now_milliseconds();
  function.latest = std::move(latest);
}

FunctionVersionPointer publish_latest(const FunctionApi& api, Function& function,
                                      const std::optional<std::string>& description) {
  if (!function.published.empty()) {
    const auto& last = function.published.rbegin()->second;
    if (runs_alike(*last, *function.latest)) return last;
  }
  auto version = std::make_shared<FunctionVersion>(*function.latest);
  const uint64_t number = function.next_version++;
  version->version = std::to_string(number);
  if (description) version->description = *description;
  version->revision_id = new_uuid(api.random);
  function.published[number] = version;
  return version;
}

Status apply_endpoint(const FunctionApi& api, Function& function) {
  const auto tag = function.tags.find(std::string(kEndpointTag));
  const std::string endpoint = tag == function.tags.end() ? "" : tag->second;
  if (tag != function.tags.end()) TRY(check_endpoint(endpoint));
  if (endpoint.empty() && !function.latest->code && !api.has_default_endpoint) {
    return invalid_parameter("The function has no code, so it needs the tag " +
                             std::string(kEndpointTag));
  }
  if (function.latest->endpoint == endpoint) return Done{};
  function.latest = with_endpoint(api, *function.latest, endpoint);
  for (auto& [number, version] : function.published) {
    version = with_endpoint(api, *version, endpoint);
  }
  return Done{};
}

std::string configuration_text(const FunctionApi& api, const FunctionVersion& version,
                               std::string_view qualifier) {
  std::string text;
  json::Writer writer(text);
  write_configuration(writer, version, function_arn(api.site, version.name, qualifier));
  return text;
}

api::RestAnswer empty_answer(int status) {
  return {{}, status, {}};
}

}  // namespace millrace::functions
