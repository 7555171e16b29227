// What is to change, in words.
#pragma once

#include <string>
#include <vector>

#include "cli/resources/node.h"

namespace millrace::cli::resources {

// A member of the properties that differs.
struct Difference {
  std::string property;  // the name of the outermost member
  std::string text;      // "Environment.Variables.MODE: a → b"
};

// Of two maps, member by member; lists and scalars are told as a whole.
[[nodiscard]] std::vector<Difference> differences(const Node& from, const Node& to);
// Whether one of them is of that property.
[[nodiscard]] bool differs(const std::vector<Difference>& found, std::string_view property);
[[nodiscard]] std::vector<std::string> texts_of(const std::vector<Difference>& found);

}  // namespace millrace::cli::resources
