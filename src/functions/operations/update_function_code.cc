#include "functions/function_configuration.h"
#include "functions/function_encoding.h"
#include "functions/input.h"
#include "functions/operations/code_request.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"

namespace millrace::functions {
namespace {

struct CodeUpdate {
  FunctionName name;
  std::optional<std::string> revision_id;
  bool publish = false;
  bool dry_run = false;
  Bytes zip;
};

Status check_revision(const CodeUpdate& update, const Function& function) {
  if (!update.revision_id || *update.revision_id == function.latest->revision_id) return Done{};
  return revision_mismatch();
}

Result<CodeUpdate> read_update(const FunctionApi& api, const api::Request& request) {
  CodeUpdate update;
  update.name = TRY(requested_function(api, request.input));
  if (optional_text(request.input, "PublishTo")) return not_supported("PublishTo");
  TRY(check_architectures(request.input));
  update.zip = TRY(read_code(request.input));
  if (update.zip.empty()) return no_code();
  update.revision_id = optional_text(request.input, "RevisionId");
  update.publish = is_set(request.input, "Publish");
  update.dry_run = is_set(request.input, "DryRun");
  const FunctionPointer function = TRY(existing_function(api, update.name));
  TRY(check_revision(update, *function));
  if (function->latest->runtime.empty() || function->latest->handler.empty()) {
    return invalid_parameter(
        "A function needs Runtime and Handler before it gets code: see "
        "UpdateFunctionConfiguration");
  }
  return update;
}

std::string apply(const FunctionApi& api, const CodeUpdate& update, const CodePointer& code,
                  Function& function) {
  replace_latest(api, function, [&](FunctionVersion& latest) { set_code(latest, code); });
  if (!update.publish) return configuration_text(api, *function.latest, "");
  const auto version = publish_latest(api, function, std::nullopt);
  return configuration_text(api, *version, version->version);
}

}  // namespace

void update_function_code(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto read = read_update(api, request);
  if (!read.ok()) return reply(std::move(read).error());
  auto update = std::make_shared<CodeUpdate>(std::move(*read));
  Bytes zip = std::move(update->zip);
  api.codes.add(update->name.name, std::move(zip),
                [&api, update, reply = std::move(reply)](Result<CodePointer> code) {
                  if (!code.ok()) return reply(std::move(code).error());
                  if (update->dry_run) {
                    auto function = existing_function(api, update->name);
                    if (!function.ok()) return reply(std::move(function).error());
                    Function changed = **function;
                    return reply(api::RestAnswer{apply(api, *update, *code, changed)});
                  }
                  change_function(
                      api, update->name,
                      [&](Function& function) -> Result<std::string> {
                        TRY(check_revision(*update, function));
                        return apply(api, *update, *code, function);
                      },
                      reply);
                });
}

}  // namespace millrace::functions
