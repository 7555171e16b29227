// A policy of a resource, with what its service checks of it beyond the language.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"

namespace millrace::policy {

struct ResourceDocument {
  PolicyPointer policy;
  std::string json;                    // canonical
  std::vector<std::string> actions;    // all that its statements name
  std::vector<std::string> resources;  // likewise
  bool grants_everybody = false;       // an Allow for anyone, under no condition
};

// Of DocumentKind::kResource.
[[nodiscard]] Result<ResourceDocument> read_resource_document(std::string_view json);

}  // namespace millrace::policy
