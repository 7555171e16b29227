#pragma once

#include <memory>

#include "audit/query/query_call.h"
#include "audit/tagged_event_data_stores.h"

namespace millrace::audit::query {

// `parts` must outlive it.
[[nodiscard]] std::unique_ptr<TaggedEventDataStores> tags_of_stores(const QueryParts& parts);

}  // namespace millrace::audit::query
