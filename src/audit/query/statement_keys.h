// The keys that a PartiQL statement names, from its text with redacted values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::audit::query {

// Texts of literals that an attribute is compared with: one of `=`, several of IN.
using KeyValues = std::map<std::string, std::vector<std::string>, std::less<>>;

struct StatementKeys {
  std::string table_name;  // or its ARN
  KeyValues values;
};

// Of the terms of WHERE that must all hold. Empty for a statement that cannot be read.
[[nodiscard]] std::vector<StatementKeys> keys_of_statement(std::string_view statement);

}  // namespace millrace::audit::query
