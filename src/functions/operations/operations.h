// The operations of the API, one file each, as Lambda's documentation describes them. Requests have
// passed the checks of the API model.
#pragma once

#include <string>

#include "api/service.h"
#include "functions/function_api.h"

namespace millrace::functions {

// Those that only look answer at once, with the JSON text of the response.
Result<std::string> get_account_settings(FunctionApi& api, const api::Request& request);
Result<std::string> get_alias(FunctionApi& api, const api::Request& request);
Result<std::string> get_function(FunctionApi& api, const api::Request& request);
Result<std::string> get_function_concurrency(FunctionApi& api, const api::Request& request);
Result<std::string> get_function_configuration(FunctionApi& api, const api::Request& request);
Result<std::string> get_function_event_invoke_config(FunctionApi& api, const api::Request& request);
Result<std::string> get_policy(FunctionApi& api, const api::Request& request);
Result<std::string> list_aliases(FunctionApi& api, const api::Request& request);
Result<std::string> list_function_event_invoke_configs(FunctionApi& api,
                                                       const api::Request& request);
Result<std::string> list_functions(FunctionApi& api, const api::Request& request);
Result<std::string> list_tags(FunctionApi& api, const api::Request& request);
Result<std::string> list_versions_by_function(FunctionApi& api, const api::Request& request);

// Those that change something, or run it, answer when it is done.
void add_permission(FunctionApi& api, const api::Request& request, api::RestReply reply);
void create_alias(FunctionApi& api, const api::Request& request, api::RestReply reply);
void create_function(FunctionApi& api, const api::Request& request, api::RestReply reply);
void delete_alias(FunctionApi& api, const api::Request& request, api::RestReply reply);
void delete_function(FunctionApi& api, const api::Request& request, api::RestReply reply);
void delete_function_concurrency(FunctionApi& api, const api::Request& request,
                                 api::RestReply reply);
void delete_function_event_invoke_config(FunctionApi& api, const api::Request& request,
                                         api::RestReply reply);
void invoke(FunctionApi& api, const api::Request& request, api::RestReply reply);
void invoke_async(FunctionApi& api, const api::Request& request, api::RestReply reply);
void publish_version(FunctionApi& api, const api::Request& request, api::RestReply reply);
void put_function_concurrency(FunctionApi& api, const api::Request& request, api::RestReply reply);
void put_function_event_invoke_config(FunctionApi& api, const api::Request& request,
                                      api::RestReply reply);
void remove_permission(FunctionApi& api, const api::Request& request, api::RestReply reply);
void tag_resource(FunctionApi& api, const api::Request& request, api::RestReply reply);
void untag_resource(FunctionApi& api, const api::Request& request, api::RestReply reply);
void update_alias(FunctionApi& api, const api::Request& request, api::RestReply reply);
void update_function_code(FunctionApi& api, const api::Request& request, api::RestReply reply);
void update_function_configuration(FunctionApi& api, const api::Request& request,
                                   api::RestReply reply);
void update_function_event_invoke_config(FunctionApi& api, const api::Request& request,
                                         api::RestReply reply);

}  // namespace millrace::functions
