#include "logs/json_pattern.h"

#include <algorithm>
#include <vector>

#include "json/document.h"
#include "logs/json_selector.h"
#include "logs/value_comparison.h"

namespace millrace::logs {
namespace {

class Condition {
 public:
  virtual ~Condition() = default;
  [[nodiscard]] virtual bool holds(json::Element root) const = 0;
};
using ConditionPointer = std::unique_ptr<Condition>;

class AllOf final : public Condition {
 public:
  explicit AllOf(std::vector<ConditionPointer> conditions) : conditions_(std::move(conditions)) {}
  [[nodiscard]] bool holds(json::Element root) const override {
    return std::ranges::all_of(conditions_, [&](const auto& one) { return one->holds(root); });
  }

 private:
  std::vector<ConditionPointer> conditions_;
};

class AnyOf final : public Condition {
 public:
  explicit AnyOf(std::vector<ConditionPointer> conditions) : conditions_(std::move(conditions)) {}
  [[nodiscard]] bool holds(json::Element root) const override {
    return std::ranges::any_of(conditions_, [&](const auto& one) { return one->holds(root); });
  }

 private:
  std::vector<ConditionPointer> conditions_;
};

class Compares final : public Condition {
 public:
  Compares(JsonSelector selector, ValueComparison test)
      : selector_(std::move(selector)), test_(std::move(test)) {}
  [[nodiscard]] bool holds(json::Element root) const override {
    return selector_.any(root, [this](json::Element value) { return passes(value); });
  }

 private:
  [[nodiscard]] bool passes(json::Element value) const {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) return test_.passes_text(text);
    bool flag = false;
    if (value.get(flag) == simdjson::SUCCESS) return test_.passes_text(flag ? "true" : "false");
    double number = 0;
    if (value.get(number) != simdjson::SUCCESS) return false;
    return test_.passes_number(number, simdjson::to_string(value));
  }

  const JsonSelector selector_;
  const ValueComparison test_;
};

class Is final : public Condition {
 public:
  using Test = bool (*)(json::Element);
  Is(JsonSelector selector, Test test) : selector_(std::move(selector)), test_(test) {}
  [[nodiscard]] bool holds(json::Element root) const override { return selector_.any(root, test_); }

 private:
  const JsonSelector selector_;
  const Test test_;
};

class NotExists final : public Condition {
 public:
  explicit NotExists(JsonSelector selector) : selector_(std::move(selector)) {}
  [[nodiscard]] bool holds(json::Element root) const override {
    return !selector_.any(root, [](json::Element) { return true; });
  }

 private:
  const JsonSelector selector_;
};

template <bool expected>
bool is_boolean(json::Element value) {
  bool flag = false;
  return value.get(flag) == simdjson::SUCCESS && flag == expected;
}
bool is_null(json::Element value) {
  return value.is_null();
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<ConditionPointer> parse() {
    if (!text_.take("{")) return invalid_filter_pattern();
    ConditionPointer condition = TRY(parse_any());
    text_.skip_spaces();
    if (!text_.take("}") || !text_.empty()) return invalid_filter_pattern();
    return condition;
  }

  std::vector<JsonSelector> take_selectors() { return std::move(selectors_); }

 private:
  Result<ConditionPointer> parse_any() {
    std::vector<ConditionPointer> conditions;
    do {
      conditions.push_back(TRY(parse_all()));
      text_.skip_spaces();
    } while (text_.take("||"));
    return ConditionPointer(std::make_unique<AnyOf>(std::move(conditions)));
  }

  Result<ConditionPointer> parse_all() {
    std::vector<ConditionPointer> conditions;
    do {
      conditions.push_back(TRY(parse_one()));
      text_.skip_spaces();
    } while (text_.take("&&"));
    return ConditionPointer(std::make_unique<AllOf>(std::move(conditions)));
  }

  Result<ConditionPointer> parse_one() {
    text_.skip_spaces();
    if (text_.take("(")) {
      ConditionPointer inner = TRY(parse_any());
      text_.skip_spaces();
      if (!text_.take(")")) return invalid_filter_pattern();
      return inner;
    }
    JsonSelector selector = TRY(JsonSelector::parse(text_));
    selectors_.push_back(selector);
    text_.skip_spaces();
    if (text_.take_keyword("IS")) return parse_is(std::move(selector));
    if (text_.take_keyword("NOT")) {
      text_.skip_spaces();
      if (!text_.take_keyword("EXISTS")) return invalid_filter_pattern();
      return ConditionPointer(std::make_unique<NotExists>(std::move(selector)));
    }
    const std::string_view comparator = take_comparator(text_);
    if (comparator.empty()) return invalid_filter_pattern();
    text_.skip_spaces();
    const Word word = TRY(text_.take_word("(){}&|\""));
    ValueComparison test = TRY(ValueComparison::make(comparator, word));
    return ConditionPointer(std::make_unique<Compares>(std::move(selector), std::move(test)));
  }

  Result<ConditionPointer> parse_is(JsonSelector selector) {
    text_.skip_spaces();
    Is::Test test = nullptr;
    if (text_.take_keyword("TRUE")) test = is_boolean<true>;
    if (test == nullptr && text_.take_keyword("FALSE")) test = is_boolean<false>;
    if (test == nullptr && text_.take_keyword("NULL")) test = is_null;
    if (test == nullptr) return invalid_filter_pattern();
    return ConditionPointer(std::make_unique<Is>(std::move(selector), test));
  }

  PatternText text_;
  std::vector<JsonSelector> selectors_;
};

// nullopt when the message is not an object or array as a whole.
std::optional<json::Document> parse_message(std::string_view message) {
  const std::string_view text = trimmed(message);
  if (!text.starts_with('{') && !text.starts_with('[')) return std::nullopt;
  auto document = json::Document::parse(text);
  if (!document.ok()) return std::nullopt;
  return std::move(*document);
}

class JsonPattern final : public FilterPattern {
 public:
  JsonPattern(ConditionPointer condition, std::vector<JsonSelector> selectors)
      : condition_(std::move(condition)), selectors_(std::move(selectors)) {}

  [[nodiscard]] bool matches(std::string_view message) const override {
    const auto document = parse_message(message);
    return document && condition_->holds(document->root());
  }

  [[nodiscard]] Values extract(std::string_view message) const override {
    Values values;
    const auto document = parse_message(message);
    if (!document) return values;
    for (const JsonSelector& selector : selectors_) {
      // The first that it chooses.
      (void)selector.any(document->root(), [&](json::Element value) {
        std::string_view text;
        const bool is_text = value.get(text) == simdjson::SUCCESS;
        values[selector.text()] = is_text ? std::string(text) : simdjson::to_string(value);
        return true;
      });
    }
    return values;
  }

 private:
  const ConditionPointer condition_;
  const std::vector<JsonSelector> selectors_;
};

}  // namespace

Result<std::unique_ptr<FilterPattern>> parse_json_pattern(std::string_view text) {
  Parser parser(text);
  ConditionPointer condition = TRY(parser.parse());
  return std::unique_ptr<FilterPattern>(
      std::make_unique<JsonPattern>(std::move(condition), parser.take_selectors()));
}

}  // namespace millrace::logs
