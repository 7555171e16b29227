// A PartiQL statement: read with as many parameters as it has question marks, and evaluated against
// the item below.
#include <algorithm>
#include <string_view>

#include "base/check.h"
#include "expr/condition.h"
#include "expr/literal_testing.h"
#include "expr/update.h"
#include "model/item_encoding.h"
#include "partiql/statement.h"

namespace millrace::partiql {
namespace {

const Item& item() {
  static const AttributeValue kItem = expr::parse_literal(
      "{pk: 'p', a: 1, b: 'b', l: [1, 'a', [2, {a: 3}]], m: {a: {b: [1]}}, ss: <'a', 'b'>, "
      "ns: <1, 2>, t: true, u: null, d: x'0102'}");
  return *kItem.get_if<AttributeMap>();
}

void evaluate(const std::optional<expr::ConditionNode>& where) {
  if (!where) return;
  const auto condition = expr::Condition::of_node(*where);
  (void)condition.matches(item());
  (void)condition.matches({});
}

void run(const Select& select) {
  evaluate(select.where);
  if (select.projection) (void)select.projection->apply(item());
}
void run(const Exists& exists) {
  run(exists.select);
}
void run(const Insert& insert) {
  MILLRACE_CHECK(decode_item(encode_item(insert.item)) == insert.item);
}
void run(const Delete& statement) {
  evaluate(statement.where);
}
void run(const Update& statement) {
  evaluate(statement.where);
  Item changed = item();
  if (!expr::Update::of_clauses(statement.clauses).apply(changed).ok()) return;
  MILLRACE_CHECK(decode_item(encode_item(changed)) == changed);
}

}  // namespace
}  // namespace millrace::partiql

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace millrace;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto count = static_cast<size_t>(std::count(text.begin(), text.end(), '?'));
  const std::vector<AttributeValue> parameters(count, AttributeValue("b"));
  const auto statement = partiql::parse(text, parameters);
  if (statement.ok()) std::visit([](const auto& one) { partiql::run(one); }, *statement);
  return 0;
}
