#include "functions/function_configuration.h"
#include "functions/input.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"
#include "functions/operations/page.h"

namespace millrace::functions {

// A marker is the number of the last version shown, 0 for $LATEST.
Result<std::string> list_versions_by_function(FunctionApi& api, const api::Request& request) {
  const FunctionName name = TRY(requested_function(api, request.input));
  const FunctionPointer function = TRY(existing_function(api, name));
  const auto marker = optional_text(request.input, "Marker");
  size_t room = page_items(request.input);
  uint64_t last = 0;
  std::string text;
  json::Writer writer(text);
  const auto write = [&](const FunctionVersion& version) {
    write_configuration(writer, version, function_arn(api.site, version.name, version.version));
    --room;
  };
  writer.begin_object();
  writer.key("Versions");
  writer.begin_array();
  if (!marker) {
    write(*function->latest);
  } else {
    last = version_number(*marker).value_or(0);
  }
  auto at = function->published.upper_bound(last);
  for (; at != function->published.end() && room > 0; ++at) {
    write(*at->second);
    last = at->first;
  }
  writer.end_array();
  write_next_marker(writer, at != function->published.end(), std::to_string(last));
  writer.end_object();
  return text;
}

}  // namespace millrace::functions
