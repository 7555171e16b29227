#include "audit/query/event_data_store_request.h"
#include "audit/query/operations.h"

namespace millrace::audit::query {

void update_event_data_store(const QueryCall& call, api::Reply reply) {
  // The settings are read now, onto what the store is now; what is not named is taken from what it
  // is when the change is made.
  const auto named = find_store(call.parts, text_of(call, "EventDataStore").value_or(""));
  if (!named.ok()) return reply(named.error());
  EventDataStore wanted = **named;
  const Status applied = apply_settings(call, wanted);
  if (!applied.ok()) return reply(applied.error());
  edit_store(
      call,
      [before = *named, wanted](const EventDataStores::Stores& stores,
                                EventDataStore& store) -> Status {
        TRY(check_active(store));
        if (wanted.name != before->name) store.name = wanted.name;
        if (wanted.selectors != before->selectors) store.selectors = wanted.selectors;
        if (wanted.retention_days != before->retention_days) {
          store.retention_days = wanted.retention_days;
        }
        if (wanted.multi_region != before->multi_region) store.multi_region = wanted.multi_region;
        if (wanted.termination_protection != before->termination_protection) {
          store.termination_protection = wanted.termination_protection;
        }
        return check_name(stores, store);
      },
      StoreAnswer::kMembers, std::move(reply));
}

}  // namespace millrace::audit::query
