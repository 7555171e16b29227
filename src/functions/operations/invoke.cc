#include "functions/function_configuration.h"
#include "functions/input.h"
#include "functions/operations/function_change.h"
#include "functions/operations/operations.h"
#include "functions/store_invoker.h"
#include "json/base64.h"

namespace millrace::functions {
namespace {

constexpr size_t kClientContextBytesMax = 3583;

Status check_client_context(const std::string& context) {
  if (context.empty()) return Done{};
  const auto text = json::base64_decode(context);
  if (text && context.size() <= kClientContextBytesMax) {
    const auto document = json::Document::parse(*text);
    if (document.ok() && document->root().is_object()) return Done{};
  }
  return Error{ErrorCode::kInvalidRequestContentException,
               "Client context must be a valid Base64-encoded JSON object of no more than 3583 "
               "bytes."};
}

Result<InvokeRequest> read_invocation(const FunctionApi& api, const api::Request& request) {
  for (const std::string_view name : {"DurableExecutionName", "TenantId"}) {
    if (optional_text(request.input, name)) return not_supported(name);
  }
  const FunctionName name = TRY(requested_function(api, request.input));
  InvokeRequest invocation;
  invocation.function = name.name;
  invocation.qualifier = name.qualifier;
  invocation.payload = request.payload;
  invocation.wants_log_tail = optional_text(request.input, "LogType") == "Tail";
  invocation.client_context = text_or_empty(request.input, "ClientContext");
  TRY(check_client_context(invocation.client_context));
  return invocation;
}

api::RestAnswer answer_of(InvokeAnswer invoked) {
  api::RestAnswer answer;
  answer.body = std::move(invoked.payload);
  answer.headers.emplace_back("X-Amz-Executed-Version", std::move(invoked.executed_version));
  if (!invoked.request_id.empty()) {
    answer.headers.emplace_back("x-amzn-RequestId", std::move(invoked.request_id));
  }
  if (!invoked.function_error.empty()) {
    answer.headers.emplace_back("X-Amz-Function-Error", std::move(invoked.function_error));
  }
  return answer;
}

void enqueue(FunctionApi& api, InvokeRequest invocation, api::RestReply reply) {
  if (invocation.payload.empty()) invocation.payload = "{}";
  auto checked = check_payload(invocation.payload, kEventPayloadBytesMax, "Event");
  if (!checked.ok()) return reply(std::move(checked).error());
  QueuedEvent event;
  event.function = std::move(invocation.function);
  event.qualifier = std::move(invocation.qualifier);
  event.client_context = std::move(invocation.client_context);
  event.payload = std::move(invocation.payload);
  api.events.add(std::move(event), [reply = std::move(reply)](Status accepted) {
    if (!accepted.ok()) return reply(std::move(accepted).error());
    reply(empty_answer(202));
  });
}

}  // namespace

void invoke(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto invocation = read_invocation(api, request);
  if (!invocation.ok()) return reply(std::move(invocation).error());
  auto found = find_version(api.store, api.site, invocation->function, invocation->qualifier);
  // One that is not here may be where the others run.
  if (!found.ok() && !api.has_default_endpoint) return reply(std::move(found).error());
  const std::string type = text_or_empty(request.input, "InvocationType");
  if (type == "DryRun") return reply(empty_answer(204));
  if (type == "Event") return enqueue(api, std::move(*invocation), std::move(reply));
  const bool wants_tail = invocation->wants_log_tail;
  api.invoker.invoke(std::move(*invocation),
                     [reply = std::move(reply), wants_tail](Result<InvokeAnswer> invoked) {
                       if (!invoked.ok()) return reply(std::move(invoked).error());
                       const std::string tail = json::base64_encode(invoked->log_tail);
                       api::RestAnswer answer = answer_of(std::move(*invoked));
                       if (wants_tail) answer.headers.emplace_back("X-Amz-Log-Result", tail);
                       reply(std::move(answer));
                     });
}

void invoke_async(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto found = requested_version(api, request.input);
  if (!found.ok()) return reply(std::move(found).error());
  InvokeRequest invocation;
  invocation.function = found->function->name;
  invocation.qualifier = found->qualifier;
  invocation.payload = request.payload;
  enqueue(api, std::move(invocation), std::move(reply));
}

}  // namespace millrace::functions
