// What the operations that change a function have in common.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "functions/function_api.h"
#include "functions/function_lookup.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::functions {

// Changes a copy of the function that the request names, as `apply` says, which returns the JSON
// text of the response. ResourceNotFoundException when there is no such function.
using ApplyChange = std::function<Result<std::string>(Function& function)>;
void change_function(FunctionApi& api, const FunctionName& name, ApplyChange apply,
                     api::RestReply reply);

// The function that the member FunctionName of a request names, with the member Qualifier if it has
// one.
[[nodiscard]] Result<FunctionName> requested_function(const FunctionApi& api, json::Object input);
[[nodiscard]] Result<FunctionPointer> existing_function(const FunctionApi& api,
                                                        const FunctionName& name);
[[nodiscard]] Result<FoundVersion> requested_version(const FunctionApi& api, json::Object input);

// PreconditionFailedException unless the request has no RevisionId or this one.
[[nodiscard]] Status check_revision(json::Object input, const std::string& revision_id);

[[nodiscard]] Error revision_mismatch();

// InvalidParameterValueException for a role that functions cannot be run as.
[[nodiscard]] Status check_role(const FunctionApi& api, const std::string& role_arn);

// Makes $LATEST of `function` what `change` makes of it, as of now and with a new revision.
void replace_latest(const FunctionApi& api, Function& function,
                    const std::function<void(FunctionVersion&)>& change);
// The version that $LATEST is published as: the last one when nothing has changed since.
[[nodiscard]] FunctionVersionPointer publish_latest(const FunctionApi& api, Function& function,
                                                    const std::optional<std::string>& description);
// Takes the endpoint from the tags. InvalidParameterValueException when that is no URL, or when
// there is none and the function has no code either.
[[nodiscard]] Status apply_endpoint(const FunctionApi& api, Function& function);

// The FunctionConfiguration. `qualifier` is part of the ARN.
[[nodiscard]] std::string configuration_text(const FunctionApi& api, const FunctionVersion& version,
                                             std::string_view qualifier);

// The answer of an operation without a response.
[[nodiscard]] api::RestAnswer empty_answer(int status);

}  // namespace millrace::functions
