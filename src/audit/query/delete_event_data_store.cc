#include <fmt/format.h>

#include "audit/query/event_data_store_request.h"
#include "audit/query/operations.h"

namespace millrace::audit::query {

void delete_event_data_store(const QueryCall& call, api::Reply reply) {
  edit_store(
      call,
      [now = call.parts.clock.now_milliseconds()](const EventDataStores::Stores& /*stores*/,
                                                  EventDataStore& store) -> Status {
        TRY(check_active(store));
        if (store.termination_protection) {
          return Error{
              ErrorCode::kEventDataStoreTerminationProtectedException,
              fmt::format("Termination protection of the event data store {} is on.", store.name)};
        }
        store.deleted_milliseconds = now;
        return Done{};
      },
      StoreAnswer::kEmpty, std::move(reply));
}

}  // namespace millrace::audit::query
