#include <fmt/format.h>

#include "functions/input.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"
#include "functions/operations/reserved_concurrency.h"

namespace millrace::functions {
namespace {

std::string concurrency_text(const Function& function) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  if (function.reserved_concurrency) {
    writer.member("ReservedConcurrentExecutions", *function.reserved_concurrency);
  }
  writer.end_object();
  return text;
}

}  // namespace

int64_t reserved_concurrency(const FunctionApi& api, const std::string& but_of) {
  int64_t reserved = 0;
  for (const FunctionPointer& function : api.store.list("", SIZE_MAX)) {
    if (function->name != but_of) reserved += function->reserved_concurrency.value_or(0);
  }
  return reserved;
}

int64_t unreserved_concurrency_min(const FunctionApi& api) {
  return api.concurrency_max / 10;
}

void put_function_concurrency(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  const int64_t wanted =
      optional_integer(request.input, "ReservedConcurrentExecutions").value_or(0);
  const int64_t left = api.concurrency_max - reserved_concurrency(api, name->name) - wanted;
  change_function(
      api, *name,
      [&](Function& function) -> Result<std::string> {
        if (wanted > 0 && left < unreserved_concurrency_min(api)) {
          return invalid_parameter(
              fmt::format("Specified ReservedConcurrentExecutions for function decreases account's "
                          "UnreservedConcurrentExecution below its minimum value of [{}].",
                          unreserved_concurrency_min(api)));
        }
        function.reserved_concurrency = wanted;
        return concurrency_text(function);
      },
      std::move(reply));
}

Result<std::string> get_function_concurrency(FunctionApi& api, const api::Request& request) {
  const FunctionName name = TRY(requested_function(api, request.input));
  return concurrency_text(*TRY(existing_function(api, name)));
}

void delete_function_concurrency(FunctionApi& api, const api::Request& request,
                                 api::RestReply reply) {
  auto name = requested_function(api, request.input);
  if (!name.ok()) return reply(std::move(name).error());
  change_function(
      api, *name,
      [](Function& function) -> Result<std::string> {
        function.reserved_concurrency.reset();
        return std::string();
      },
      std::move(reply));
}

}  // namespace millrace::functions
