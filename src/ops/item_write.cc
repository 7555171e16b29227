#include "ops/item_write.h"

#include "base/check.h"
#include "model/item_encoding.h"

namespace millrace::ops {
namespace {

using catalog::StreamViewType;
using streams::ChangeRecord;
using streams::EventName;

EventName event_name(const WrittenItem& item) {
  if (!item.before) return EventName::kInsert;
  return item.after ? EventName::kModify : EventName::kRemove;
}

void append_change(LaneBatch& batch, const WrittenItem& item, ByteView keys,
                   const ChangeMaker& maker) {
  const StreamViewType view = batch.table().latest_stream->view_type;
  const bool new_image =
      view == StreamViewType::kNewImage || view == StreamViewType::kNewAndOldImages;
  const bool old_image =
      view == StreamViewType::kOldImage || view == StreamViewType::kNewAndOldImages;
  ChangeRecord record;
  record.event_name = event_name(item);
  record.by_service = maker.is_service;
  record.request_id = maker.request_id;
  record.created_milliseconds = batch.now_milliseconds();
  record.keys = keys;
  if (new_image && item.after) record.new_image = *item.after;
  if (old_image && item.before) record.old_image = *item.before;
  batch.append(record);
}

class ItemWrite final : public LaneWrite {
 public:
  ItemWrite(ItemKey key, DecideItem decide, WriteDone done, api::WriteObserverPointer observer)
      : key_(std::move(key)),
        decide_(std::move(decide)),
        done_(std::move(done)),
        observer_(std::move(observer)) {}

  Status evaluate(LaneBatch& batch) override {
    Status outcome = change(batch);
    commit_observed(batch, observer_.get(), outcome);
    return outcome;
  }

  void complete(Status status) override {
    if (status.ok()) {
      done_(std::move(item_));
    } else {
      done_(std::move(status).error());
    }
  }

  void move_on(std::unique_ptr<LaneWrite> self, const Lane& split) override {
    split.successor(key_.hash).submit(std::move(self));
  }

 private:
  Status change(LaneBatch& batch) {
    ChangeMaker maker;
    if (observer_) maker.request_id = observer_->request_id();
    item_ = change_item(batch, key_, TRY(decide_item(batch, key_, decide_)), maker);
    return Done{};
  }

  const ItemKey key_;
  const DecideItem decide_;
  const WriteDone done_;
  const api::WriteObserverPointer observer_;
  WrittenItem item_;
};

// A refused write is charged like one of nothing.
WriteDone charged(const Database& database, const catalog::Table& table, WriteDone done) {
  return
      [&throttle = *database.throttle, table, done = std::move(done)](Result<WrittenItem> written) {
        throttle.charge(CapacityKind::kWrite, table,
                        written.ok() ? units_of(table.name, *written)
                                     : TableUnits{table.name, write_units(0, 0), {}});
        done(std::move(written));
      };
}

}  // namespace

TableUnits units_of(const std::string& table_name, const WrittenItem& written) {
  auto bytes_of = [](const std::optional<Bytes>& item) {
    return item ? encoded_item_size_bytes(*item).value_or(0) : 0;
  };
  return {table_name, write_units(bytes_of(written.before), bytes_of(written.after)),
          written.effects.index_units};
}

Result<DecidedItem> decide_item(LaneBatch& batch, const ItemKey& key, const DecideItem& decide) {
  DecidedItem decided;
  WrittenItem& item = decided.item;
  item.before = TRY(batch.get_item(key.storage_key));
  item.after = TRY(decide(item.before));
  // Encodings are canonical, so equal bytes are an equal item.
  if (item.before == item.after) {
    item.effects.collection_bytes = TRY(batch.collection_bytes(key.storage_key));
  } else {
    decided.change = TRY(batch.prepare_item(key.storage_key, item.after, item.before));
  }
  return decided;
}

WrittenItem change_item(LaneBatch& batch, const ItemKey& key, DecidedItem decided,
                        const ChangeMaker& maker) {
  if (!decided.change) return std::move(decided.item);
  decided.item.effects = batch.set_item(std::move(*decided.change));
  if (batch.table().stream_enabled()) {
    append_change(batch, decided.item, encode_item(key.attributes), maker);
  }
  return std::move(decided.item);
}

void commit_observed(LaneBatch& batch, api::WriteObserver* observer, const Status& outcome) {
  if (observer == nullptr) return;
  auto commit = observer->decided(batch.partition(), outcome);
  if (commit) batch.commit_also(std::move(*commit));
}

void write_item(Database& database, const catalog::Table& table, ItemKey key, DecideItem decide,
                WriteDone done, api::WriteObserverPointer observer) {
  auto admitted = database.throttle->admit_write(table);
  if (!admitted.ok()) return done(std::move(admitted).error());
  write_admitted_item(database, table, std::move(key), std::move(decide), std::move(done),
                      std::move(observer));
}

void write_admitted_item(Database& database, const catalog::Table& table, ItemKey key,
                         DecideItem decide, WriteDone done, api::WriteObserverPointer observer) {
  auto lane = database.lanes.find(table.partition_of(key.hash).id);
  if (!lane) {
    done(Error{ErrorCode::kResourceNotFoundException, "Requested resource not found"});
    return;
  }
  if (database.throttle->limits(table)) done = charged(database, table, std::move(done));
  lane->submit(std::make_unique<ItemWrite>(std::move(key), std::move(decide), std::move(done),
                                           std::move(observer)));
}

}  // namespace millrace::ops
