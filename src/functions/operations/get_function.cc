#include <fmt/format.h>

#include "functions/code_link.h"
#include "functions/function_configuration.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"

namespace millrace::functions {
namespace {

void write_code(json::Writer& writer, const FunctionApi& api, const api::Request& request,
                const FunctionVersion& version) {
  writer.key("Code");
  writer.begin_object();
  if (version.code) {
    const int64_t now_seconds = api.clock.now_milliseconds() / 1000;
    writer.member("RepositoryType", "S3");
    writer.member("Location",
                  fmt::format("http://{}{}{}", request.host, kCodePath,
                              code_link(api.link_secret, version.code->name, now_seconds)));
  }
  writer.end_object();
}

}  // namespace

Result<std::string> get_function(FunctionApi& api, const api::Request& request) {
  const FoundVersion found = TRY(requested_version(api, request.input));
  const Function& function = *found.function;
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.key("Configuration");
  write_configuration(writer, *found.version,
                      function_arn(api.site, function.name, found.qualifier));
  write_code(writer, api, request, *found.version);
  if (!function.tags.empty()) {
    writer.key("Tags");
    writer.begin_object();
    for (const auto& [key, value] : function.tags) writer.member(key, value);
    writer.end_object();
  }
  if (function.reserved_concurrency) {
    writer.key("Concurrency");
    writer.begin_object();
    writer.member("ReservedConcurrentExecutions", *function.reserved_concurrency);
    writer.end_object();
  }
  writer.end_object();
  return text;
}

}  // namespace millrace::functions
