#include "functions/input.h"
#include "functions/operations/event_invoke_request.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"
#include "functions/operations/page.h"

namespace millrace::functions {
namespace {

enum class Keeping { kNothing, kTheRest };

void set_config(FunctionApi& api, const api::Request& request, Keeping keeping,
                api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        const std::string key = TRY(event_invoke_key(api, function, *name));
        const auto found = function.event_invoke_configs.find(key);
        const bool is_there = found != function.event_invoke_configs.end();
        if (keeping == Keeping::kTheRest && !is_there) {
          return no_event_invoke_config(api, function.name, key);
        }
        EventInvokeConfig config;
        if (keeping == Keeping::kTheRest) config = found->second;
        TRY(read_event_invoke_config(api, request.input, config));
        function.event_invoke_configs[key] = config;
        return event_invoke_config_text(api, function.name, key, config);
      },
      std::move(reply));
}

}  // namespace

void put_function_event_invoke_config(FunctionApi& api, const api::Request& request,
                                      api::RestReply reply) {
  set_config(api, request, Keeping::kNothing, std::move(reply));
}

void update_function_event_invoke_config(FunctionApi& api, const api::Request& request,
                                         api::RestReply reply) {
  set_config(api, request, Keeping::kTheRest, std::move(reply));
}

void delete_function_event_invoke_config(FunctionApi& api, const api::Request& request,
                                         api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        const std::string key = TRY(event_invoke_key(api, function, *name));
        if (function.event_invoke_configs.erase(key) == 0) {
          return no_event_invoke_config(api, function.name, key);
        }
        return std::string();
      },
      std::move(reply));
}

Result<std::string> get_function_event_invoke_config(FunctionApi& api,
                                                     const api::Request& request) {
  const FunctionName name = TRY(requested_function(api, request.input));
  const FunctionPointer function = TRY(existing_function(api, name));
  const std::string key = TRY(event_invoke_key(api, *function, name));
  const auto found = function->event_invoke_configs.find(key);
  if (found == function->event_invoke_configs.end()) {
    return no_event_invoke_config(api, function->name, key);
  }
  return event_invoke_config_text(api, function->name, key, found->second);
}

// A marker is the last qualifier shown.
Result<std::string> list_function_event_invoke_configs(FunctionApi& api,
                                                       const api::Request& request) {
  const FunctionName name = TRY(requested_function(api, request.input));
  const FunctionPointer function = TRY(existing_function(api, name));
  std::string last = text_or_empty(request.input, "Marker");
  size_t room = page_items(request.input);
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.key("FunctionEventInvokeConfigs");
  writer.begin_array();
  auto at = function->event_invoke_configs.upper_bound(last);
  for (; at != function->event_invoke_configs.end() && room > 0; ++at, --room) {
    write_event_invoke_config(writer, api, function->name, at->first, at->second);
    last = at->first;
  }
  writer.end_array();
  write_next_marker(writer, at != function->event_invoke_configs.end(), last);
  writer.end_object();
  return text;
}

}  // namespace millrace::functions
