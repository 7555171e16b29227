#include "ops/write_response.h"

#include "base/check.h"
#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/input.h"
#include "ops/item_collection.h"
#include "ops/item_request.h"

namespace millrace::ops {
namespace {

bool wants_before(ReturnValues values) {
  return values == ReturnValues::kAllOld || values == ReturnValues::kUpdatedOld;
}
bool wants_updated(ReturnValues values) {
  return values == ReturnValues::kUpdatedOld || values == ReturnValues::kUpdatedNew;
}

// Absent when there is nothing to show.
Status write_attributes(json::Writer& writer, ReturnValues values, const WrittenItem& item,
                        const std::function<Item(const Item&)>& updated) {
  if (values == ReturnValues::kNone) return Done{};
  const std::optional<Bytes>& shown = wants_before(values) ? item.before : item.after;
  if (!shown) return Done{};
  if (!wants_updated(values)) {
    writer.key("Attributes");
    return json::write_encoded_item(writer, *shown);
  }
  MILLRACE_CHECK(updated != nullptr);
  const Item attributes = updated(TRY(decode_stored_item(*shown)));
  if (attributes.empty()) return Done{};
  writer.key("Attributes");
  json::write_attribute_map(writer, attributes);
  return Done{};
}

}  // namespace

ReturnValues return_values(json::Object input) {
  auto name = optional_string(input, "ReturnValues");
  if (name == "ALL_OLD") return ReturnValues::kAllOld;
  if (name == "UPDATED_OLD") return ReturnValues::kUpdatedOld;
  if (name == "ALL_NEW") return ReturnValues::kAllNew;
  if (name == "UPDATED_NEW") return ReturnValues::kUpdatedNew;
  return ReturnValues::kNone;
}

Result<WriteResponse> read_write_response(json::Object input) {
  const ReturnValues values = return_values(input);
  if (values != ReturnValues::kNone && values != ReturnValues::kAllOld) {
    return validation_error("ReturnValues can only be ALL_OLD or NONE");
  }
  WriteResponse response;
  response.return_values = values;
  response.return_consumed_capacity = return_consumed_capacity(input);
  response.return_item_collection_metrics = return_item_collection_metrics(input);
  return response;
}

void WriteResponse::set_item(const catalog::Table& table, const ItemKey& key) {
  table_name = table.name;
  if (!return_item_collection_metrics) return;
  collection_key = ops::collection_key(table.key_schema, key.attributes);
}

WriteDone reply_with(WriteResponse wanted, Reply reply) {
  return [wanted = std::move(wanted), reply = std::move(reply)](Result<WrittenItem> written) {
    if (!written.ok()) return reply(std::move(written).error());
    reply(write_write_response(wanted, *written));
  };
}

Result<std::string> write_write_response(const WriteResponse& wanted, const WrittenItem& item,
                                         const std::function<Item(const Item&)>& updated) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  TRY(write_attributes(writer, wanted.return_values, item, updated));
  write_consumed_capacity(writer, wanted.return_consumed_capacity,
                          units_of(wanted.table_name, item));
  if (wanted.return_item_collection_metrics && item.effects.collection_bytes) {
    writer.key("ItemCollectionMetrics");
    write_item_collection(writer, wanted.collection_key, *item.effects.collection_bytes);
  }
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
