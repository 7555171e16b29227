#include "audit/query/event_data_store_request.h"
#include "audit/query/operations.h"

namespace millrace::audit::query {
namespace {

constexpr size_t kPageMax = 1000;
constexpr std::string_view kScope = "event data stores";

}  // namespace

Result<std::string> list_event_data_stores(const QueryCall& call) {
  const size_t page = TRY(page_size_of(call, "MaxResults", kPageMax, kPageMax));
  const auto after = TRY(page_token_of(call, kScope));
  const EventDataStores::Stores stores = call.parts.stores.all();
  auto at = after ? stores.upper_bound(*after) : stores.begin();

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("EventDataStores");
  writer.begin_array();
  std::string last;
  for (size_t count = 0; at != stores.end() && count < page; ++at, ++count) {
    writer.begin_object();
    write_event_data_store_members(writer, call.parts.site, *at->second);
    writer.end_object();
    last = at->first;
  }
  writer.end_array();
  if (at != stores.end()) writer.member("NextToken", write_page_token(kScope, last));
  writer.end_object();
  return out;
}

}  // namespace millrace::audit::query
