// aws:RequestTag, aws:TagKeys and aws:ResourceTag: the tags that a request sets or removes, and
// those of what it is about.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/inquiry.h"
#include "catalog/catalog.h"

namespace millrace::access {

// Names of tags are compared without regard to case, as those of condition keys are.
[[nodiscard]] std::optional<std::string> request_tag(json::Object input, std::string_view key);
// nullopt: the request is not about tags.
[[nodiscard]] std::optional<std::vector<std::string>> request_tag_keys(json::Object input);

// Of a table, also where one of its indexes is asked for, and of a user, role or policy.
[[nodiscard]] std::optional<std::string> resource_tag(const catalog::Catalog& catalog,
                                                      const Inquiry& inquiry, const Part& part,
                                                      std::string_view key);

}  // namespace millrace::access
