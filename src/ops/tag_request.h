// What the tag operations' requests have in common. The service checks tags itself, not by the
// constraints of its API model, so the messages differ from those of other parameters.
#pragma once

#include "ops/call.h"

namespace millrace::ops {

inline constexpr size_t kTagsMax = 50;  // of a table

// ValidationException "Number of Tags exceed the current limit for the provided ResourceArn".
[[nodiscard]] Status check_tag_count(size_t count);

// `Tags`, empty when absent: every key and value checked, no key twice, at most kTagsMax.
[[nodiscard]] Result<catalog::Tags> read_tags(json::Object input);
// `TagKeys`, empty when absent: checked like the keys of `Tags`, but a key may come twice.
[[nodiscard]] Result<std::vector<std::string>> read_tag_keys(json::Object input);

// `ResourceArn`, which must be there and have at least the fields of an ARN.
[[nodiscard]] Result<std::string> read_resource_arn(json::Object input);
// ValidationException for what is no table's ARN, or another region's; AccessDeniedException for
// another account's.
[[nodiscard]] Result<std::string> tagged_table_name(const catalog::Site& site,
                                                    const std::string& resource_arn);

// ValidationException for a list that is not there.
[[nodiscard]] Status require_list(json::Object input, std::string_view name,
                                  std::string_view name_in_message);

// ResourceNotFoundException with the ARN.
[[nodiscard]] Error resource_not_found(std::string_view resource_arn);

}  // namespace millrace::ops
