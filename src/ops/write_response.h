// The response of PutItem, UpdateItem and DeleteItem.
#pragma once

#include "ops/call.h"
#include "ops/item_write.h"

namespace millrace::ops {

enum class ReturnValues { kNone, kAllOld, kUpdatedOld, kAllNew, kUpdatedNew };
// kNone when the request names none.
[[nodiscard]] ReturnValues return_values(json::Object input);
struct WriteResponse {
  std::string table_name;
  ReturnValues return_values = ReturnValues::kNone;
  ReturnConsumedCapacity return_consumed_capacity = ReturnConsumedCapacity::kNone;
  bool return_item_collection_metrics = false;
  Item collection_key = {};  // with return_item_collection_metrics

  // What the response tells of table and item, as the members above have it.
  void set_item(const catalog::Table& table, const ItemKey& key);
};

// What a request wants to see. ValidationException for the values that only UpdateItem knows.
[[nodiscard]] Result<WriteResponse> read_write_response(json::Object input);

// `updated` narrows UPDATED_OLD and UPDATED_NEW to the paths of the update; otherwise unused.
[[nodiscard]] Result<std::string> write_write_response(
    const WriteResponse& wanted, const WrittenItem& item,
    const std::function<Item(const Item&)>& updated = nullptr);

// The same as a callback of write_item(), for the operations that know only NONE and ALL_OLD.
[[nodiscard]] WriteDone reply_with(WriteResponse wanted, Reply reply);

}  // namespace millrace::ops
