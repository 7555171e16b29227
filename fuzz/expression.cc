// A line that says what the rest is: `condition`, `update`, `projection` or `key`. The expression
// is parsed, bound to the placeholders below and evaluated against the item below.
#include "expr/expression.h"

#include <string_view>

#include "base/check.h"
#include "expr/literal_testing.h"
#include "model/item_encoding.h"

namespace millrace::expr {
namespace {

const NameMap kNames = {{"#a", "a"}, {"#b", "b"},   {"#l", "l"},
                        {"#m", "m"}, {"#x", "x.y"}, {"#pk", "pk"}};

AttributeMap map_of(std::string_view literal) {
  return *parse_literal(literal).get_if<AttributeMap>();
}

const AttributeMap& values() {
  static const AttributeMap kValues = map_of(
      "{:n: 1, :z: 0, :o: -1.5, :h: 9E125, :s: 's', :e: '', :b: x'01', :t: true, :u: null, :l: "
      "[1], "
      ":m: {a: 1}, :ss: <'a', 's'>, :ns: <1, 2>, :bs: <x'01'>, :type: 'SS'}");
  return kValues;
}

const Item& item() {
  static const Item kItem = map_of(
      "{pk: 'p', a: 1, b: 'b', l: [1, 'a', [2, {a: 3}], {b: <1>}], m: {a: {a: 1, b: [1]}, b: 's'}, "
      "ss: <'a', 'b'>, ns: <1, 2>, bs: <x'01', x'02'>, t: true, u: null, d: x'0102', x.y: 's'}");
  return kItem;
}

Result<bool> matches(const std::string& text) {
  const auto parsed = TRY(Condition::parse(text, "FilterExpression"));
  Placeholders placeholders(kNames, values());
  const auto bound = TRY(parsed.bind(placeholders));
  (void)placeholders.check_all_used();
  (void)bound.matches({});
  return bound.matches(item());
}

void run_condition(const std::string& text) {
  const auto result = matches(text);
  if (!result.ok()) return;
  const auto opposite = matches("NOT (" + text + ")");
  if (opposite.ok()) MILLRACE_CHECK(*opposite != *result);
}

Status run_update(const std::string& text) {
  const auto parsed = TRY(Update::parse(text));
  Placeholders placeholders(kNames, values());
  const auto bound = TRY(parsed.bind(placeholders, {"pk"}));
  (void)bound.paths();
  Item changed = item();
  auto status = bound.apply(changed);
  Item created;
  (void)bound.apply(created);
  TRY(std::move(status));
  MILLRACE_CHECK(changed.contains("pk"));
  MILLRACE_CHECK(decode_item(encode_item(changed)) == changed);
  return Done{};
}

Status run_projection(const std::string& text) {
  const auto parsed = TRY(Projection::parse(text));
  Placeholders placeholders(kNames, values());
  const auto bound = TRY(parsed.bind(placeholders));
  for (const auto& [name, value] : bound.apply(item())) {
    MILLRACE_CHECK(item().contains(name));
    MILLRACE_CHECK(item().find(name)->second.type() == value.type());
  }
  MILLRACE_CHECK(bound.apply({}).empty());
  return Done{};
}

Status run_key_condition(const std::string& text) {
  const auto parsed = TRY(KeyCondition::parse(text));
  Placeholders placeholders(kNames, values());
  for (const KeyComparison& comparison : TRY(parsed.bind(placeholders))) {
    const size_t expected = comparison.comparison == KeyOperator::kBetween ? 2 : 1;
    MILLRACE_CHECK(comparison.operands.size() == expected);
  }
  return Done{};
}

}  // namespace
}  // namespace millrace::expr

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace millrace::expr;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\n');
  if (end == std::string::npos) return 0;
  const std::string text = input.substr(end + 1);
  if (input.starts_with("condition\n")) run_condition(text);
  if (input.starts_with("update\n")) (void)run_update(text);
  if (input.starts_with("projection\n")) (void)run_projection(text);
  if (input.starts_with("key\n")) (void)run_key_condition(text);
  return 0;
}
