// Where a JSON filter pattern looks: $.a.b[0], $.list[*].name, $.*.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "json/document.h"
#include "logs/pattern_text.h"

namespace millrace::logs {

class JsonSelector {
 public:
  static Result<JsonSelector> parse(PatternText& text);

  // As the pattern has it.
  [[nodiscard]] const std::string& text() const { return text_; }
  // Visits what it chooses of `root`, until the visitor returns true: whether it has.
  using Visitor = std::function<bool(json::Element)>;
  [[nodiscard]] bool any(json::Element root, const Visitor& visit) const;

 private:
  struct Everything {};  // [*] or .*
  using Step = std::variant<std::string, uint64_t, Everything>;

  [[nodiscard]] bool any_from(size_t step, json::Element element, const Visitor& visit) const;
  static Result<Step> parse_brackets(PatternText& text);

  std::string text_;
  std::vector<Step> steps_;
};

}  // namespace millrace::logs
