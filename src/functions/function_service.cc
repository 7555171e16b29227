#include "functions/code_link.h"
#include "functions/function_api.h"
#include "functions/operations/operations.h"

namespace millrace::functions {
namespace {

using Answer = Result<std::string> (*)(FunctionApi& api, const api::Request& request);
using Operation = void (*)(FunctionApi& api, const api::Request& request, api::RestReply reply);

template <Answer answer>
// NOLINTNEXTLINE(performance-unnecessary-value-param): every Operation takes its reply over.
void answer_at_once(FunctionApi& api, const api::Request& request, api::RestReply reply) {
  auto text = answer(api, request);
  if (!text.ok()) return reply(std::move(text).error());
  reply(api::RestAnswer{std::move(*text)});
}

struct OperationRow {
  std::string_view name;
  Operation run;
};

constexpr OperationRow kOperations[] = {
    {"AddPermission", add_permission},
    {"CreateAlias", create_alias},
    {"CreateFunction", create_function},
    {"DeleteAlias", delete_alias},
    {"DeleteFunction", delete_function},
    {"DeleteFunctionConcurrency", delete_function_concurrency},
    {"DeleteFunctionEventInvokeConfig", delete_function_event_invoke_config},
    {"GetAccountSettings", answer_at_once<get_account_settings>},
    {"GetAlias", answer_at_once<get_alias>},
    {"GetFunction", answer_at_once<get_function>},
    {"GetFunctionConcurrency", answer_at_once<get_function_concurrency>},
    {"GetFunctionConfiguration", answer_at_once<get_function_configuration>},
    {"GetFunctionEventInvokeConfig", answer_at_once<get_function_event_invoke_config>},
    {"GetPolicy", answer_at_once<get_policy>},
    {"Invoke", invoke},
    {"InvokeAsync", invoke_async},
    {"ListAliases", answer_at_once<list_aliases>},
    {"ListFunctionEventInvokeConfigs", answer_at_once<list_function_event_invoke_configs>},
    {"ListFunctions", answer_at_once<list_functions>},
    {"ListTags", answer_at_once<list_tags>},
    {"ListVersionsByFunction", answer_at_once<list_versions_by_function>},
    {"PublishVersion", publish_version},
    {"PutFunctionConcurrency", put_function_concurrency},
    {"PutFunctionEventInvokeConfig", put_function_event_invoke_config},
    {"RemovePermission", remove_permission},
    {"TagResource", tag_resource},
    {"UntagResource", untag_resource},
    {"UpdateAlias", update_alias},
    {"UpdateFunctionCode", update_function_code},
    {"UpdateFunctionConfiguration", update_function_configuration},
    {"UpdateFunctionEventInvokeConfig", update_function_event_invoke_config},
};

void fetch_code(FunctionApi& api, std::string_view link, api::RestReply reply) {
  auto name = read_code_link(api.link_secret, link, api.clock.now_milliseconds() / 1000);
  if (!name) {
    return reply(Error{ErrorCode::kAccessDeniedException,
                       "The link to the code is not valid, or no longer"});
  }
  api.codes.read_zip(std::move(*name), [reply = std::move(reply)](Result<Bytes> zip) {
    if (!zip.ok()) return reply(std::move(zip).error());
    reply(api::RestAnswer{std::move(*zip), 200, {{"Content-Type", "application/zip"}}});
  });
}

}  // namespace

api::RestService function_service(FunctionApi& api) {
  api::RestService service{"lambda", {}, {}};
  for (const OperationRow& row : kOperations) {
    service.operations.push_back(
        {std::string(row.name),
         [&api, run = row.run](const api::Request& request, api::RestReply reply) {
           run(api, request, std::move(reply));
         }});
  }
  service.downloads.push_back(
      {std::string(kCodePath), [&api](std::string_view link, api::RestReply reply) {
         fetch_code(api, link, std::move(reply));
       }});
  return service;
}

}  // namespace millrace::functions
