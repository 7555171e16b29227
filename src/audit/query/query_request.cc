#include "audit/query/query_request.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace::audit::query {

constexpr size_t kMessageMax = 1000;

Result<std::string> view_name_of(const QueryParts& parts, const std::string& name) {
  if (name == kAllEvents) return name;
  return TRY(find_store(parts, name))->id;
}

Result<Query> query_of(const QueryCall& call) {
  TRY(refuse(call, {"QueryAlias", "RefreshId"}));
  TRY(check_owner(call));
  const auto id = text_of(call, "QueryId");
  if (!id) return invalid_parameter("QueryId is required.");
  Query query = TRY(call.parts.queries.find(*id));
  if (const auto store = text_of(call, "EventDataStore")) {
    const std::string view = TRY(view_name_of(call.parts, *store));
    if (std::ranges::find(query.stores, view) == query.stores.end()) {
      return Error{ErrorCode::kQueryIdNotFoundException,
                   fmt::format("There is no query {} of {}.", *id, *store)};
    }
  }
  return query;
}

std::string error_message(const QueryState& state) {
  if (state.error.size() <= kMessageMax) return state.error;
  size_t end = kMessageMax;
  while (end > 0 && (static_cast<unsigned char>(state.error[end]) & 0xc0) == 0x80) --end;
  return state.error.substr(0, end);
}

}  // namespace millrace::audit::query
