#include <fmt/format.h>

#include "base/uuid.h"
#include "functions/function_configuration.h"
#include "functions/function_encoding.h"
#include "functions/input.h"
#include "functions/operations/code_request.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"
#include "functions/operations/tags.h"

namespace millrace::functions {
namespace {

constexpr size_t kNameLengthMax = 64;

struct Creation {
  FunctionVersion version;
  std::map<std::string, std::string> tags;
  Bytes zip;  // empty: without code
  bool publish = false;
};

Error already_there(const std::string& name) {
  return {ErrorCode::kResourceConflictException, "Function already exist: " + name};
}

Status check_name(const FunctionName& name) {
  if (!name.qualifier.empty()) {
    return invalid_parameter("A function cannot be created with a qualifier in its name");
  }
  if (name.name.size() <= kNameLengthMax) return Done{};
  return validation_error(
      fmt::format("1 validation error detected: Value '{}' at 'functionName' failed to satisfy "
                  "constraint: Member must have length less than or equal to {}",
                  name.name, kNameLengthMax));
}

Result<Bytes> read_created_code(const FunctionApi& api, json::Object input,
                                const Creation& creation) {
  const auto code = optional_object(input, "Code");
  Bytes zip = code ? TRY(read_code(*code)) : Bytes();
  const bool is_remote =
      creation.tags.contains(std::string(kEndpointTag)) || api.has_default_endpoint;
  if (zip.empty() && !is_remote) return no_code();
  if (!zip.empty() && (creation.version.runtime.empty() || creation.version.handler.empty())) {
    return invalid_parameter(
        "Runtime and Handler are mandatory parameters for functions created with deployment "
        "packages.");
  }
  return zip;
}

Result<Creation> read_creation(const FunctionApi& api, const api::Request& request) {
  const FunctionName name = TRY(requested_function(api, request.input));
  TRY(check_name(name));
  Creation creation;
  FunctionVersion& version = creation.version;
  version.name = name.name;
  version.arn = function_arn(api.site, name.name);
  version.log_group = "/aws/lambda/" + name.name;
  if (optional_text(request.input, "PackageType") == "Image") {
    return invalid_parameter("The package type Image is not supported by this server");
  }
  TRY(check_architectures(request.input));
  TRY(read_configuration(request.input, version));
  TRY(check_role(api, version.role));
  creation.tags = TRY(read_tags(request.input));
  creation.zip = TRY(read_created_code(api, request.input, creation));
  creation.publish = is_set(request.input, "Publish");
  if (api.store.find(name.name)) return already_there(name.name);
  return creation;
}

void create(FunctionApi& api, Creation creation, const api::RestReply& reply) {
  auto response = std::make_shared<std::string>();
  const std::string name = creation.version.name;
  api.store.change(
      name,
      [&](const FunctionPointer& current) -> Result<FunctionPointer> {
        if (current) return already_there(name);
        auto function = std::make_shared<Function>();
        function->name = name;
        function->tags = std::move(creation.tags);
        creation.version.revision_id = new_uuid(api.random);
        creation.version.last_modified_milliseconds = api.clock.now_milliseconds();
        function->latest = std::make_shared<const FunctionVersion>(std::move(creation.version));
        TRY(apply_endpoint(api, *function));
        FunctionVersionPointer shown = function->latest;
        if (creation.publish) shown = publish_latest(api, *function, std::nullopt);
        *response = configuration_text(api, *shown, creation.publish ? shown->version : "");
        return FunctionPointer(std::move(function));
      },
      [response, reply](Result<FunctionPointer> created) {
        if (!created.ok()) return reply(std::move(created).error());
        reply(api::RestAnswer{std::move(*response)});
      });
}

}  // namespace

void create_function(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto read = read_creation(api, request);
  if (!read.ok()) return reply(std::move(read).error());
  auto creation = std::make_shared<Creation>(std::move(*read));
  if (creation->zip.empty()) return create(api, std::move(*creation), reply);
  Bytes zip = std::move(creation->zip);
  api.codes.add(creation->version.name, std::move(zip),
                [&api, creation, reply = std::move(reply)](Result<CodePointer> code) {
                  if (!code.ok()) return reply(std::move(code).error());
                  set_code(creation->version, std::move(*code));
                  create(api, std::move(*creation), reply);
                });
}

}  // namespace millrace::functions
