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

void append_change(LaneBatch& batch, const WrittenItem& item, ByteView keys) {
  const StreamViewType view = batch.table().latest_stream->view_type;
  const bool new_image =
      view == StreamViewType::kNewImage || view == StreamViewType::kNewAndOldImages;
  const bool old_image =
      view == StreamViewType::kOldImage || view == StreamViewType::kNewAndOldImages;
  ChangeRecord record;
  record.event_name = event_name(item);
  record.created_milliseconds = batch.now_milliseconds();
  record.keys = keys;
  if (new_image && item.after) record.new_image = *item.after;
  if (old_image && item.before) record.old_image = *item.before;
  batch.append(record);
}

class ItemWrite final : public LaneWrite {
 public:
  ItemWrite(ItemKey key, DecideItem decide, WriteDone done)
      : key_(std::move(key)), decide_(std::move(decide)), done_(std::move(done)) {}

  Status evaluate(LaneBatch& batch) override {
    item_.before = TRY(batch.get_item(key_.storage_key));
    item_.after = TRY(decide_(item_.before));
    // Encodings are canonical, so equal bytes are an equal item.
    if (item_.before == item_.after) {
      item_.effects.collection_bytes = TRY(batch.collection_bytes(key_.storage_key));
      return Done{};
    }
    item_.effects = TRY(batch.set_item(key_.storage_key, item_.after, item_.before));
    if (batch.table().stream_enabled()) append_change(batch, item_, encode_item(key_.attributes));
    return Done{};
  }

  void complete(Status status) override {
    if (status.ok()) {
      done_(std::move(item_));
    } else {
      done_(std::move(status).error());
    }
  }

 private:
  const ItemKey key_;
  const DecideItem decide_;
  const WriteDone done_;
  WrittenItem item_;
};

}  // namespace

void write_item(Database& database, const catalog::Table& table, ItemKey key, DecideItem decide,
                WriteDone done) {
  auto lane = database.lanes.find(table.partition_of(key.hash).id);
  if (!lane) {
    done(Error{ErrorCode::kResourceNotFoundException, "Requested resource not found"});
    return;
  }
  lane->submit(std::make_unique<ItemWrite>(std::move(key), std::move(decide), std::move(done)));
}

}  // namespace millrace::ops
