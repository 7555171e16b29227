#include "ops/item_action.h"

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "model/item_size.h"
#include "ops/index_key_check.h"
#include "ops/input.h"
#include "ops/legacy_update.h"
#include "ops/write_response.h"

namespace millrace::ops {
namespace {

class PutAction final : public ItemAction {
 public:
  using ItemAction::ItemAction;

  Result<ItemKey> bind(const catalog::TablePointer& table) override {
    auto key = TRY(key_from_item(table->key_schema, attributes_));
    TRY(check_index_keys(*table, attributes_));
    item_ = encode_item(attributes_);
    return key;
  }

  [[nodiscard]] Result<std::optional<Bytes>> decide(
      const std::optional<Bytes>& before) const override {
    TRY(check_condition(condition_, before));
    return std::optional(item_);
  }

 private:
  Bytes item_;
};

class DeleteAction final : public ItemAction {
 public:
  using ItemAction::ItemAction;

  Result<ItemKey> bind(const catalog::TablePointer& table) override {
    return key_from_key(table->key_schema, std::move(attributes_));
  }

  [[nodiscard]] Result<std::optional<Bytes>> decide(
      const std::optional<Bytes>& before) const override {
    TRY(check_condition(condition_, before));
    return std::optional<Bytes>();
  }
};

class ConditionCheckAction final : public ItemAction {
 public:
  using ItemAction::ItemAction;

  Result<ItemKey> bind(const catalog::TablePointer& table) override {
    return key_from_key(table->key_schema, std::move(attributes_));
  }

  [[nodiscard]] Result<std::optional<Bytes>> decide(
      const std::optional<Bytes>& before) const override {
    TRY(check_condition(condition_, before));
    return before;
  }
};

Status check_parameters(json::Object input, ActionForm form) {
  if (form == ActionForm::kTransaction) {
    return check_expression_parameters(input, {"ConditionExpression"}, {});
  }
  return check_expression_parameters(input, {"ConditionExpression"},
                                     {"Expected", "ConditionalOperator"});
}

Result<WriteCondition> read_condition(json::Object input, ActionForm form) {
  const auto attributes = TRY(read_expression_attributes(input));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  auto condition = form == ActionForm::kTransaction
                       ? TRY(read_condition_expression(input, placeholders))
                       : TRY(read_write_condition(input, placeholders));
  TRY(placeholders.check_all_used());
  return condition;
}

// A Key and a condition are all that the action has.
template <typename Action>
Result<std::unique_ptr<ItemAction>> read_keyed(json::Object input, ActionForm form) {
  TRY(check_parameters(input, form));
  Item key = TRY(json::read_attribute_map(*json::member(input, "Key")));
  if (form == ActionForm::kOperation) TRY(read_write_response(input));
  auto condition = TRY(read_condition(input, form));
  return std::unique_ptr<ItemAction>(
      std::make_unique<Action>(std::move(key), std::move(condition)));
}

}  // namespace

Result<std::unique_ptr<ItemAction>> read_put_action(json::Object input, ActionForm form) {
  TRY(check_parameters(input, form));
  Item item = TRY(json::read_attribute_map(*json::member(input, "Item")));
  // The service looks at ReturnValues before it looks at the item's size.
  if (form == ActionForm::kOperation) TRY(read_write_response(input));
  if (item_size_bytes(item) > kItemBytesMax) {
    return validation_error("Item size has exceeded the maximum allowed size");
  }
  auto condition = TRY(read_condition(input, form));
  return std::unique_ptr<ItemAction>(
      std::make_unique<PutAction>(std::move(item), std::move(condition)));
}

Result<std::unique_ptr<ItemAction>> read_delete_action(json::Object input, ActionForm form) {
  return read_keyed<DeleteAction>(input, form);
}

Result<std::unique_ptr<ItemAction>> read_condition_check(json::Object input) {
  return read_keyed<ConditionCheckAction>(input, ActionForm::kTransaction);
}

Result<std::unique_ptr<UpdateAction>> read_update_action(json::Object input, ActionForm form) {
  const bool legacy = form == ActionForm::kOperation;
  TRY(legacy ? check_expression_parameters(input, {"UpdateExpression", "ConditionExpression"},
                                           {"AttributeUpdates", "Expected", "ConditionalOperator"})
             : check_expression_parameters(input, {"UpdateExpression", "ConditionExpression"}, {}));
  Item key = TRY(json::read_attribute_map(*json::member(input, "Key")));
  const auto attributes = TRY(read_expression_attributes(input));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  std::optional<expr::Update> update;
  if (auto text = optional_string(input, "UpdateExpression")) {
    update = TRY(TRY(expr::Update::parse(*text)).bind(placeholders));
  } else if (legacy) {
    update = TRY(read_attribute_updates(input));
  }
  auto condition = legacy ? TRY(read_write_condition(input, placeholders))
                          : TRY(read_condition_expression(input, placeholders));
  TRY(placeholders.check_all_used());
  return std::make_unique<UpdateAction>(std::move(key), std::move(condition), std::move(update));
}

Result<ItemKey> UpdateAction::bind(const catalog::TablePointer& table) {
  auto key = TRY(key_from_key(table->key_schema, attributes_));
  if (update_) {
    TRY(update_->check_keys(table->key_schema.attribute_names()));
    TRY(check_index_key_update(*table, *update_));
  }
  table_ = table;
  return key;
}

Result<std::optional<Bytes>> UpdateAction::decide(const std::optional<Bytes>& before) const {
  Item item = before ? TRY(decode_stored_item(*before)) : Item();
  TRY(check_condition(condition_, before ? &item : nullptr));
  if (!before) {
    if (update_ && update_->only_removes()) return std::optional<Bytes>();
    item = attributes_;
  }
  if (update_) TRY(update_->apply(item));
  if (item_size_bytes(item) > kItemBytesMax) {
    return validation_error("Item size to update has exceeded the maximum allowed size");
  }
  TRY(check_updated_index_keys(*table_, item));
  return std::optional(encode_item(item));
}

DecideItem decide_by(std::shared_ptr<const ItemAction> action) {
  return [action = std::move(action)](const std::optional<Bytes>& before) {
    return action->decide(before);
  };
}

}  // namespace millrace::ops
