// Texts with '*' in them, which stands for any characters or none; "\*" and "\\" for themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::triggers {

class Wildcard {
 public:
  // nullopt for one '*' after the other, or '\' before anything else.
  static std::optional<Wildcard> compile(std::string_view text);
  // In time linear in both lengths' sum for each '*'.
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  std::vector<std::string> parts_;  // what is between the '*'s: one more than there are of them
};

}  // namespace millrace::triggers
