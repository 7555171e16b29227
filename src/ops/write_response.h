// The response of PutItem, UpdateItem and DeleteItem.
#pragma once

#include "ops/consumed_capacity.h"
#include "ops/item_write.h"

namespace millrace::ops {

enum class ReturnValues { kNone, kAllOld, kUpdatedOld, kAllNew, kUpdatedNew };
// kNone when the request names none.
[[nodiscard]] ReturnValues return_values(json::Object input);
// For the operations that know only NONE and ALL_OLD.
[[nodiscard]] Result<ReturnValues> return_old_values(json::Object input);

struct WriteResponse {
  std::string table_name;
  ReturnValues return_values = ReturnValues::kNone;
  ReturnConsumedCapacity return_consumed_capacity = ReturnConsumedCapacity::kNone;
};

// `updated` narrows UPDATED_OLD and UPDATED_NEW to the paths of the update; otherwise unused.
[[nodiscard]] Result<std::string> write_write_response(
    const WriteResponse& wanted, const WrittenItem& item,
    const std::function<Item(const Item&)>& updated = nullptr);

}  // namespace millrace::ops
