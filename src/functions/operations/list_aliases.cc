#include "functions/input.h"
#include "functions/operations/alias_request.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"
#include "functions/operations/page.h"

namespace millrace::functions {

// A marker is the last name shown.
Result<std::string> list_aliases(FunctionApi& api, const api::Request& request) {
  const FunctionName name = TRY(requested_function(api, request.input));
  const FunctionPointer function = TRY(existing_function(api, name));
  const auto version = optional_text(request.input, "FunctionVersion");
  std::string last = text_or_empty(request.input, "Marker");
  size_t room = page_items(request.input);
  bool more = false;
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.key("Aliases");
  writer.begin_array();
  for (auto at = function->aliases.upper_bound(last); at != function->aliases.end(); ++at) {
    const Alias& alias = at->second;
    if (version && alias.version != *version && !alias.weights.contains(*version)) continue;
    more = room == 0;
    if (more) break;
    write_alias(writer, api, *function, alias);
    last = at->first;
    --room;
  }
  writer.end_array();
  write_next_marker(writer, more, last);
  writer.end_object();
  return text;
}

}  // namespace millrace::functions
