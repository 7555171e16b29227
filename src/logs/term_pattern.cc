#include "logs/term_pattern.h"

#include <algorithm>
#include <vector>

#include "logs/value_comparison.h"

namespace millrace::logs {
namespace {

struct Term {
  std::string text;
  std::shared_ptr<const re2::RE2> expression;  // instead of the text, or nullptr

  [[nodiscard]] bool is_in(std::string_view message) const {
    if (expression != nullptr) return found_in(*expression, message);
    return find_text(message, text) != std::string_view::npos;
  }
};

class TermPattern final : public FilterPattern {
 public:
  [[nodiscard]] bool matches(std::string_view message) const override {
    const auto found = [&](const Term& term) { return term.is_in(message); };
    if (required.empty() && excluded.empty() && !optional.empty()) {
      return std::ranges::any_of(optional, found);
    }
    return std::ranges::all_of(required, found) && std::ranges::none_of(excluded, found);
  }

  std::vector<Term> required;
  std::vector<Term> excluded;
  std::vector<Term> optional;
};

}  // namespace

Result<std::unique_ptr<FilterPattern>> parse_term_pattern(std::string_view text) {
  auto pattern = std::make_unique<TermPattern>();
  PatternText rest(text);
  for (rest.skip_spaces(); !rest.empty(); rest.skip_spaces()) {
    std::vector<Term>* terms = &pattern->required;
    if (rest.take("-")) {
      terms = &pattern->excluded;
    } else if (rest.take("?")) {
      terms = &pattern->optional;
    }
    const Word word = TRY(rest.take_word("\""));
    Term term{word.text, nullptr};
    if (word.kind == Word::Kind::kExpression) {
      term.expression = compile_expression(word.text);
      if (term.expression == nullptr) return invalid_filter_pattern();
    }
    terms->push_back(std::move(term));
  }
  return std::unique_ptr<FilterPattern>(std::move(pattern));
}

}  // namespace millrace::logs
