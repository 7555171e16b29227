// The operations on events, event data stores and queries, each in the file of its name.
#pragma once

#include "audit/query/query_call.h"

namespace millrace::audit::query {

[[nodiscard]] Result<std::string> cancel_query(const QueryCall& call);
[[nodiscard]] Result<std::string> describe_query(const QueryCall& call);
[[nodiscard]] Result<std::string> get_event_data_store(const QueryCall& call);
[[nodiscard]] Result<std::string> get_query_results(const QueryCall& call);
[[nodiscard]] Result<std::string> list_event_data_stores(const QueryCall& call);
[[nodiscard]] Result<std::string> list_queries(const QueryCall& call);

// Those that change something answer when that is durable, and those that read the index when it
// has all that came before.
void create_event_data_store(const QueryCall& call, api::Reply reply);
void delete_event_data_store(const QueryCall& call, api::Reply reply);
void find_item_events(const QueryCall& call, api::Reply reply);
void lookup_events(const QueryCall& call, api::Reply reply);
void restore_event_data_store(const QueryCall& call, api::Reply reply);
void start_event_data_store_ingestion(const QueryCall& call, api::Reply reply);
void start_query(const QueryCall& call, api::Reply reply);
void stop_event_data_store_ingestion(const QueryCall& call, api::Reply reply);
void update_event_data_store(const QueryCall& call, api::Reply reply);

}  // namespace millrace::audit::query
