#pragma once

#include "audit/query/query_call.h"

namespace millrace::audit::query {

// The query that QueryId names; when EventDataStore is there, too, it must be one that the query
// reads, or "events". InvalidParameterException without a QueryId, QueryIdNotFoundException.
[[nodiscard]] Result<Query> query_of(const QueryCall& call);
// The id of a store, or kAllEvents. As find_store().
[[nodiscard]] Result<std::string> view_name_of(const QueryParts& parts, const std::string& name);
// Without the rest of what is longer than the API's messages may be.
[[nodiscard]] std::string error_message(const QueryState& state);

}  // namespace millrace::audit::query
