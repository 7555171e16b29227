#include "logs/column_pattern.h"

#include <algorithm>
#include <vector>

#include "logs/value_comparison.h"

namespace millrace::logs {
namespace {

constexpr std::string_view kNameEnds = " \t\r\n\f\v=!<>&|,]\"%";

struct Column {
  std::string name;  // may be empty
  // One of them must hold, all of whose tests must: `a=1 && a!=2 || a=3`. Empty: anything will do.
  std::vector<std::vector<ValueComparison>> choices;

  [[nodiscard]] bool accepts(std::string_view field) const {
    if (choices.empty()) return true;
    const auto number = to_number(field);
    const auto passes = [&](const ValueComparison& test) {
      return number ? test.passes_number(*number, field) : test.passes_text(field);
    };
    return std::ranges::any_of(
        choices, [&](const auto& tests) { return std::ranges::all_of(tests, passes); });
  }
};

std::vector<std::string_view> fields_of(std::string_view message) {
  std::vector<std::string_view> fields;
  while (true) {
    while (!message.empty() && is_space(message.front())) message.remove_prefix(1);
    if (message.empty()) return fields;
    const char first = message.front();
    const char closing = first == '"' ? '"' : first == '[' ? ']' : ' ';
    if (closing == ' ') {
      const size_t end = message.find_first_of(" \t\r\n\f\v");
      fields.push_back(message.substr(0, end));
      message.remove_prefix(std::min(end, message.size()));
    } else {
      const size_t end = message.find(closing, 1);
      fields.push_back(message.substr(1, end == std::string_view::npos ? end : end - 1));
      message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
    }
  }
}

class ColumnPattern final : public FilterPattern {
 public:
  [[nodiscard]] bool matches(std::string_view message) const override {
    const std::vector<std::string_view> fields = fields_of(message);
    if (!has_as_many(fields.size())) return false;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (!columns[i].accepts(fields[field_of(i, fields.size())])) return false;
    }
    return true;
  }

  [[nodiscard]] Values extract(std::string_view message) const override {
    Values values;
    const std::vector<std::string_view> fields = fields_of(message);
    if (!has_as_many(fields.size())) return values;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].name.empty()) continue;
      values["$" + columns[i].name] = fields[field_of(i, fields.size())];
    }
    return values;
  }

  std::vector<Column> columns;
  std::optional<size_t> ellipsis;  // stands before this column

 private:
  [[nodiscard]] bool has_as_many(size_t fields) const {
    return ellipsis ? fields >= columns.size() : fields == columns.size();
  }
  [[nodiscard]] size_t field_of(size_t column, size_t fields) const {
    return ellipsis && column >= *ellipsis ? column + fields - columns.size() : column;
  }
};

Result<Column> parse_column(PatternText& text) {
  Column column;
  bool begins_choice = true;
  while (true) {
    text.skip_spaces();
    const std::string_view name = text.take_until(kNameEnds);
    if (column.name.empty()) column.name = name;
    text.skip_spaces();
    const std::string_view comparator = take_comparator(text);
    if (comparator.empty()) {
      if (!column.choices.empty()) return invalid_filter_pattern();
      return column;
    }
    if (name.empty() || name != column.name) return invalid_filter_pattern();
    text.skip_spaces();
    const Word word = TRY(text.take_word(",]&|\""));
    if (begins_choice) column.choices.emplace_back();
    column.choices.back().push_back(TRY(ValueComparison::make(comparator, word)));
    text.skip_spaces();
    begins_choice = text.take("||");
    if (!begins_choice && !text.take("&&")) return column;
  }
}

}  // namespace

Result<std::unique_ptr<FilterPattern>> parse_column_pattern(std::string_view text) {
  auto pattern = std::make_unique<ColumnPattern>();
  PatternText rest(text);
  if (!rest.take("[")) return invalid_filter_pattern();
  do {
    rest.skip_spaces();
    if (rest.take("...")) {
      if (pattern->ellipsis) return invalid_filter_pattern();
      pattern->ellipsis = pattern->columns.size();
    } else {
      pattern->columns.push_back(TRY(parse_column(rest)));
    }
    rest.skip_spaces();
  } while (rest.take(","));
  if (!rest.take("]") || !rest.empty()) return invalid_filter_pattern();
  return std::unique_ptr<FilterPattern>(std::move(pattern));
}

}  // namespace millrace::logs
