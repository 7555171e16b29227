#include <fmt/format.h>

#include "audit/query/event_data_store_request.h"
#include "audit/query/operations.h"

namespace millrace::audit::query {

void stop_event_data_store_ingestion(const QueryCall& call, api::Reply reply) {
  edit_store(
      call,
      [](const EventDataStores::Stores& /*stores*/, EventDataStore& store) -> Status {
        if (store.status() != "ENABLED") {
          return Error{ErrorCode::kInvalidEventDataStoreStatusException,
                       fmt::format("The event data store {} is {}.", store.name, store.status())};
        }
        store.ingesting = false;
        return Done{};
      },
      StoreAnswer::kEmpty, std::move(reply));
}

}  // namespace millrace::audit::query
