// What operations on event data stores have in common.
#pragma once

#include "audit/query/query_call.h"
#include "json/writer.h"

namespace millrace::audit::query {

// The members of an EventDataStore; `tags`: as CreateEventDataStore answers.
void write_event_data_store_members(json::Writer& writer, const catalog::Site& site,
                                    const EventDataStore& store, bool tags = false);

// What CreateEventDataStore and UpdateEventDataStore may set.
[[nodiscard]] Status apply_settings(const QueryCall& call, EventDataStore& store);
// EventDataStoreAlreadyExistsException when another store has the name.
[[nodiscard]] Status check_name(const EventDataStores::Stores& stores, const EventDataStore& store);

// Changes the store that the member EventDataStore names, and answers with its members, or with
// nothing. An error of `edit` leaves it.
using StoreEdit =
    std::function<Status(const EventDataStores::Stores& stores, EventDataStore& store)>;
enum class StoreAnswer : uint8_t { kMembers, kEmpty };
void edit_store(const QueryCall& call, StoreEdit edit, StoreAnswer answer, api::Reply reply);

inline constexpr size_t kEventDataStoresMax = 10;
// EventDataStoreMaxLimitExceededException when there is no room for one more.
[[nodiscard]] Status check_room(const EventDataStores::Stores& stores);

}  // namespace millrace::audit::query
