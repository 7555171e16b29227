// The stream records of an item, by the requests that made them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/client/service_client.h"
#include "model/attribute_value.h"

namespace millrace::cli::trail {

struct ItemChange {
  std::string event_name;  // "MODIFY"
  std::string sequence_number;
  std::string json;  // the record, as the Streams API shows it
};
using ItemChanges = std::multimap<std::string, ItemChange>;  // by request id

// Those that the table's latest stream still has, from `seconds` on. None when the table has no
// stream, or the server does not say which requests made them.
[[nodiscard]] Result<ItemChanges> find_item_changes(ServiceClient& client, const std::string& table,
                                                    const AttributeMap& key, int64_t seconds);

}  // namespace millrace::cli::trail
