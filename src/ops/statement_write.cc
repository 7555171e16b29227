#include "ops/statement_write.h"

#include "base/check.h"
#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "model/item_size.h"
#include "ops/batch_request.h"
#include "ops/index_key_check.h"
#include "ops/item_request.h"
#include "ops/key_plan.h"

namespace millrace::ops {
namespace {

using MaybeItem = Result<std::optional<Bytes>>;
using partiql::Returning;

Result<std::optional<std::string>> show_nothing(const WrittenItem&) {
  return std::optional<std::string>();
}

Result<std::optional<std::string>> show_whole(const std::optional<Bytes>& stored) {
  if (!stored) return std::optional<std::string>();
  std::string text;
  json::Writer writer(text);
  TRY(json::write_encoded_item(writer, *stored));
  return std::optional(std::move(text));
}

// Nothing, rather than an item without attributes.
Result<std::optional<std::string>> show_paths(const std::optional<Bytes>& stored,
                                              const expr::Projection& paths) {
  const Item item = stored ? paths.apply(TRY(decode_stored_item(*stored))) : Item();
  if (item.empty()) return std::optional<std::string>();
  std::string text;
  json::Writer writer(text);
  json::write_attribute_map(writer, item);
  return std::optional(std::move(text));
}

std::function<Result<std::optional<std::string>>(const WrittenItem&)> show_for(
    Returning returning, const expr::Projection& paths) {
  switch (returning) {
    case Returning::kNone:
      return show_nothing;
    case Returning::kAllOld:
      return [](const WrittenItem& item) { return show_whole(item.before); };
    case Returning::kAllNew:
      return [](const WrittenItem& item) { return show_whole(item.after); };
    case Returning::kModifiedOld:
      return [paths](const WrittenItem& item) { return show_paths(item.before, paths); };
    case Returning::kModifiedNew:
      return [paths](const WrittenItem& item) { return show_paths(item.after, paths); };
  }
  return show_nothing;
}

// The key that the WHERE names, and what else it asks of the item.
struct Target {
  catalog::TablePointer table;
  ItemKey key;
  WriteCondition condition;
};

Result<Target> find_target(const Database& database, const std::string& table_name,
                           const std::optional<expr::ConditionNode>& where,
                           bool return_item_on_failure) {
  Target target;
  target.table = TRY(find_table_of_entry(database, table_name));
  const catalog::KeySchema& schema = target.table->key_schema;
  auto equalities = TRY(find_key_equalities(schema, where));
  target.key = TRY(key_from_key(schema, std::move(equalities.key)));
  if (equalities.rest) {
    target.condition.condition = expr::Condition::of_node(std::move(*equalities.rest));
  }
  target.condition.return_item_on_failure = return_item_on_failure;
  return target;
}

Result<StatementWrite> plan_insert(const Database& database, const partiql::Insert& insert) {
  auto table = TRY(find_table_of_entry(database, insert.table_name));
  ItemKey key = TRY(key_from_item(table->key_schema, insert.item));
  TRY(check_index_keys(*table, insert.item));
  if (item_size_bytes(insert.item) > kItemBytesMax) {
    return validation_error("Item size has exceeded the maximum allowed size");
  }
  auto decide = [item = encode_item(insert.item)](const std::optional<Bytes>& before) -> MaybeItem {
    if (!before) return std::optional(item);
    return Error{ErrorCode::kDuplicateItemException, "Duplicate primary key exists in table"};
  };
  return StatementWrite{std::move(table), std::move(key), std::move(decide), show_nothing};
}

// Unlike UpdateItem it creates no item.
MaybeItem decide_update(const catalog::Table& table, const expr::Update& update,
                        const WriteCondition& condition, const std::optional<Bytes>& before) {
  if (!before) {
    return Error{ErrorCode::kConditionalCheckFailedException, "The conditional request failed"};
  }
  Item item = TRY(decode_stored_item(*before));
  TRY(check_condition(condition, &item));
  TRY(update.apply(item));
  if (item_size_bytes(item) > kItemBytesMax) {
    return validation_error("Item size to update has exceeded the maximum allowed size");
  }
  TRY(check_updated_index_keys(table, item));
  return std::optional(encode_item(item));
}

Result<StatementWrite> plan_update(const Database& database, partiql::Update statement,
                                   bool return_item_on_failure) {
  auto target =
      TRY(find_target(database, statement.table_name, statement.where, return_item_on_failure));
  const auto update = expr::Update::of_clauses(std::move(statement.clauses));
  TRY(update.check_keys(target.table->key_schema.attribute_names()));
  TRY(check_index_key_update(*target.table, update));
  auto show = show_for(statement.returning, expr::Projection::of_paths(update.paths()));
  auto decide = [table = target.table, update,
                 condition = std::move(target.condition)](const std::optional<Bytes>& before) {
    return decide_update(*table, update, condition, before);
  };
  return StatementWrite{std::move(target.table), std::move(target.key), std::move(decide),
                        std::move(show)};
}

// Where there is no item, there is nothing to check.
Result<StatementWrite> plan_delete(const Database& database, const partiql::Delete& statement,
                                   bool return_item_on_failure) {
  auto target =
      TRY(find_target(database, statement.table_name, statement.where, return_item_on_failure));
  auto decide = [condition =
                     std::move(target.condition)](const std::optional<Bytes>& before) -> MaybeItem {
    if (before) TRY(check_condition(condition, before));
    return std::optional<Bytes>();
  };
  return StatementWrite{std::move(target.table), std::move(target.key), std::move(decide),
                        show_for(statement.returning, expr::Projection::of_paths({}))};
}

// Leaves the item as it is: only a transaction has it.
Result<StatementWrite> plan_exists(const Database& database, const partiql::Select& select,
                                   bool return_item_on_failure) {
  auto target = TRY(find_target(database, select.table_name, select.where, return_item_on_failure));
  auto decide = [condition =
                     std::move(target.condition)](const std::optional<Bytes>& before) -> MaybeItem {
    if (!before) {
      return Error{ErrorCode::kConditionalCheckFailedException, "The conditional request failed"};
    }
    TRY(check_condition(condition, before));
    return before;
  };
  return StatementWrite{std::move(target.table), std::move(target.key), std::move(decide),
                        show_nothing};
}

}  // namespace

TableUnits units_of(const StatementWrite& write, const WrittenItem& written) {
  return units_of(write.table->name, written);
}

Result<StatementWrite> plan_write(const Database& database, partiql::Statement statement,
                                  bool return_item_on_failure) {
  if (const auto* insert = std::get_if<partiql::Insert>(&statement)) {
    return plan_insert(database, *insert);
  }
  if (auto* update = std::get_if<partiql::Update>(&statement)) {
    return plan_update(database, std::move(*update), return_item_on_failure);
  }
  if (const auto* exists = std::get_if<partiql::Exists>(&statement)) {
    return plan_exists(database, exists->select, return_item_on_failure);
  }
  const auto* removal = std::get_if<partiql::Delete>(&statement);
  MILLRACE_CHECK(removal != nullptr);
  return plan_delete(database, *removal, return_item_on_failure);
}

}  // namespace millrace::ops
