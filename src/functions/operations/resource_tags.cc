#include "functions/input.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"
#include "functions/operations/tags.h"

namespace millrace::functions {
namespace {

constexpr std::string_view kMappingPart = ":event-source-mapping:";

Error no_such_resource(const std::string& arn) {
  return {ErrorCode::kResourceNotFoundException, "The resource does not exist: " + arn};
}

bool is_mapping(const std::string& arn) {
  return arn.find(kMappingPart) != std::string::npos;
}

Result<FunctionName> tagged_function(const FunctionApi& api, const std::string& arn) {
  if (!is_function_arn(arn)) return no_such_resource(arn);
  FunctionName name = TRY(read_function_name(api.site, arn));
  if (!name.qualifier.empty()) {
    return invalid_parameter(
        "Tags on function aliases and versions are not supported. Please "
        "specify a function ARN.");
  }
  return name;
}

ResourceTags::Done answer_to(api::RestReply reply) {
  return [reply = std::move(reply)](Status status) {
    if (!status.ok()) return reply(std::move(status).error());
    reply(api::RestAnswer{});
  };
}

std::vector<std::string> keys_of(json::Object input) {
  std::vector<std::string> keys;
  const auto member = json::member(input, "TagKeys");
  if (!member) return keys;
  const json::Array array = member->get_array().value_unsafe();
  for (const json::Element element : array) {
    if (element.is_string()) keys.emplace_back(element.get_string().value_unsafe());
  }
  return keys;
}

}  // namespace

void tag_resource(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  const std::string arn = text_or_empty(request.input, "Resource");
  auto tags = read_tags(request.input);
  if (!tags.ok()) return reply(std::move(tags).error());
  if (is_mapping(arn) && api.mapping_tags.add) {
    return api.mapping_tags.add(arn, std::move(*tags), answer_to(std::move(reply)));
  }
  auto name = tagged_function(api, arn);
  if (!name.ok()) return reply(std::move(name).error());
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        for (auto& [key, value] : *tags) function.tags[key] = value;
        TRY(check_tag_count(function.tags.size()));
        TRY(apply_endpoint(api, function));
        return std::string();
      },
      std::move(reply));
}

void untag_resource(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  const std::string arn = text_or_empty(request.input, "Resource");
  auto keys = keys_of(request.input);
  if (is_mapping(arn) && api.mapping_tags.remove) {
    return api.mapping_tags.remove(arn, std::move(keys), answer_to(std::move(reply)));
  }
  auto name = tagged_function(api, arn);
  if (!name.ok()) return reply(std::move(name).error());
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        for (const std::string& key : keys) function.tags.erase(key);
        TRY(apply_endpoint(api, function));
        return std::string();
      },
      std::move(reply));
}

Result<std::string> list_tags(FunctionApi& api, const api::Request& request) {
  const std::string arn = text_or_empty(request.input, "Resource");
  ResourceTags::Tags tags;
  if (is_mapping(arn) && api.mapping_tags.list) {
    tags = TRY(api.mapping_tags.list(arn));
  } else {
    const FunctionName name = TRY(tagged_function(api, arn));
    tags = TRY(existing_function(api, name))->tags;
  }
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.key("Tags");
  writer.begin_object();
  for (const auto& [key, value] : tags) writer.member(key, value);
  writer.end_object();
  writer.end_object();
  return text;
}

}  // namespace millrace::functions
