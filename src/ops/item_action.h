// What one request, or one action of a transaction, does to one item: read from its parameters
// first, bound to its table's keys then, and decided in the lane last.
#pragma once

#include <memory>

#include "expr/expression.h"
#include "ops/item_request.h"
#include "ops/item_write.h"

namespace millrace::ops {

// Where the parameters stand.
enum class ActionForm {
  kOperation,    // of PutItem, UpdateItem and DeleteItem, with legacy parameters
  kTransaction,  // of one action in TransactWriteItems, with expressions only
};

class ItemAction {
 public:
  ItemAction(Item attributes, WriteCondition condition)
      : attributes_(std::move(attributes)), condition_(std::move(condition)) {}
  virtual ~ItemAction() = default;

  // As the request gives them, until bind(): the key, or the whole item.
  [[nodiscard]] const Item& attributes() const { return attributes_; }

  // The key of the item in its table. Errors are those that only the table's schema can tell. Once,
  // and before decide().
  [[nodiscard]] virtual Result<ItemKey> bind(const catalog::TablePointer& table) = 0;

  // What the item becomes, as a DecideItem says. Any thread.
  [[nodiscard]] virtual Result<std::optional<Bytes>> decide(
      const std::optional<Bytes>& before) const = 0;

 protected:
  Item attributes_;
  WriteCondition condition_;
};

class UpdateAction final : public ItemAction {
 public:
  UpdateAction(Item key, WriteCondition condition, std::optional<expr::Update> update)
      : ItemAction(std::move(key), std::move(condition)), update_(std::move(update)) {}

  // None: the update only makes sure that there is an item.
  [[nodiscard]] const std::optional<expr::Update>& update() const { return update_; }

  Result<ItemKey> bind(const catalog::TablePointer& table) override;
  [[nodiscard]] Result<std::optional<Bytes>> decide(
      const std::optional<Bytes>& before) const override;

 private:
  std::optional<expr::Update> update_;
  catalog::TablePointer table_;
};

[[nodiscard]] Result<std::unique_ptr<ItemAction>> read_put_action(json::Object input,
                                                                  ActionForm form);
[[nodiscard]] Result<std::unique_ptr<ItemAction>> read_delete_action(json::Object input,
                                                                     ActionForm form);
[[nodiscard]] Result<std::unique_ptr<UpdateAction>> read_update_action(json::Object input,
                                                                       ActionForm form);
// Leaves the item as it is; only a transaction has it.
[[nodiscard]] Result<std::unique_ptr<ItemAction>> read_condition_check(json::Object input);

// Keeps the action, which is bound.
[[nodiscard]] DecideItem decide_by(std::shared_ptr<const ItemAction> action);

}  // namespace millrace::ops
