#include <fmt/format.h>

#include "functions/function_configuration.h"
#include "functions/input.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"

namespace millrace::functions {

void publish_version(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  if (optional_text(request.input, "PublishTo")) return reply(not_supported("PublishTo"));
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        TRY(check_revision(request.input, function.latest->revision_id));
        const auto sha256 = optional_text(request.input, "CodeSha256");
        if (sha256 && !sha256->empty() && *sha256 != function.latest->code_sha256) {
          return invalid_parameter(fmt::format(
              "CodeSHA256 ({}) is different from current CodeSHA256 in $LATEST ({}). Please try "
              "again with the CodeSHA256 in $LATEST.",
              *sha256, function.latest->code_sha256));
        }
        auto description = optional_text(request.input, "Description");
        if (description && description->empty()) description.reset();
        const auto version = publish_latest(api, function, description);
        return configuration_text(api, *version, version->version);
      },
      std::move(reply));
}

}  // namespace millrace::functions
