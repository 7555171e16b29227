// Members of a request that has passed validation: their JSON types are right.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "logs/call.h"

namespace millrace::logs {

[[nodiscard]] std::optional<std::string> optional_string(json::Object input, std::string_view name);
// Empty when absent.
[[nodiscard]] std::string string_or_empty(json::Object input, std::string_view name);
[[nodiscard]] std::optional<int64_t> optional_integer(json::Object input, std::string_view name);
// False when absent.
[[nodiscard]] bool flag_of(json::Object input, std::string_view name);
// Empty when absent.
[[nodiscard]] std::vector<std::string> strings_of(json::Object input, std::string_view name);
// Of a map of strings. InvalidParameterException for a key that only the service may use.
[[nodiscard]] Result<Tags> tags_of(json::Object input);

// InvalidParameterException that names the first of `names` that is present.
[[nodiscard]] Status refuse_unsupported(json::Object input,
                                        std::initializer_list<std::string_view> names);

// The name in logGroupName, or that which logGroupIdentifier names or has in its ARN.
// InvalidParameterException unless one of the two is there; ResourceNotFoundException for an ARN of
// another account or region.
[[nodiscard]] Result<std::string> group_name_of(const Call& call);
// The group itself. ResourceNotFoundException when there is none.
[[nodiscard]] Result<GroupPointer> group_of(const Call& call);

[[nodiscard]] Error invalid_parameter(std::string message);
[[nodiscard]] Error invalid_next_token();
[[nodiscard]] Error no_such_group();
[[nodiscard]] Error no_such_stream();

}  // namespace millrace::logs
