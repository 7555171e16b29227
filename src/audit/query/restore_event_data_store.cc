#include <fmt/format.h>

#include "audit/query/event_data_store_request.h"
#include "audit/query/operations.h"

namespace millrace::audit::query {

void restore_event_data_store(const QueryCall& call, api::Reply reply) {
  edit_store(
      call,
      [](const EventDataStores::Stores& stores, EventDataStore& store) -> Status {
        if (!store.pending_deletion()) {
          return Error{ErrorCode::kInvalidEventDataStoreStatusException,
                       fmt::format("The event data store {} is not pending deletion.", store.name)};
        }
        TRY(check_room(stores));
        store.deleted_milliseconds = 0;
        return Done{};
      },
      StoreAnswer::kMembers, std::move(reply));
}

}  // namespace millrace::audit::query
