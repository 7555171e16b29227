// The write of one item: what PutItem, UpdateItem and DeleteItem have in common once they know what
// they want. Runs in the lane of the item's partition and adds the change record.
#pragma once

#include <functional>
#include <optional>

#include "api/write_observer.h"
#include "ops/database.h"
#include "ops/storage_key.h"

namespace millrace::ops {

// The item before and after a write, encoded, and what else the write did.
struct WrittenItem {
  std::optional<Bytes> before;
  std::optional<Bytes> after;
  WriteEffects effects = {};
};

// What the write was charged.
[[nodiscard]] TableUnits units_of(const std::string& table_name, const WrittenItem& written);

// What the item becomes, given what it is; nullopt: no item. Errors refuse the write.
using DecideItem = std::function<Result<std::optional<Bytes>>(const std::optional<Bytes>& before)>;
using WriteDone = std::function<void(Result<WrittenItem>)>;

// A write that knows what it would do and has not done it.
struct DecidedItem {
  WrittenItem item;
  std::optional<ItemChange> change;  // none: the item stays as it is
};

// Who makes a change: the service by itself, or a request, whose id is known when it is followed.
struct ChangeMaker {
  bool is_service = false;
  std::string_view request_id = {};
};

// The two halves of a write in its lane. The first may refuse and changes nothing; the second makes
// the change and its record, as made by `maker`. A write that leaves the item as it is has no
// record. All of several writes may be decided before the first is made, of different items.
[[nodiscard]] Result<DecidedItem> decide_item(LaneBatch& batch, const ItemKey& key,
                                              const DecideItem& decide);
[[nodiscard]] WrittenItem change_item(LaneBatch& batch, const ItemKey& key, DecidedItem decided,
                                      const ChangeMaker& maker = {});

// Commits with the batch what the observer, if there is one, wants committed with this outcome.
void commit_observed(LaneBatch& batch, api::WriteObserver* observer, const Status& outcome);

// ProvisionedThroughputExceededException, or hands the write to its lane. A write that leaves the
// item as it is changes nothing and has no record, but is done only when what it saw is durable.
void write_item(Database& database, const catalog::Table& table, ItemKey key, DecideItem decide,
                WriteDone done, api::WriteObserverPointer observer = nullptr);

// The same for a write that was admitted already.
void write_admitted_item(Database& database, const catalog::Table& table, ItemKey key,
                         DecideItem decide, WriteDone done,
                         api::WriteObserverPointer observer = nullptr);

}  // namespace millrace::ops
