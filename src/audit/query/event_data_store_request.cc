#include "audit/query/event_data_store_request.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/selectors_json.h"

namespace millrace::audit::query {

void write_event_data_store_members(json::Writer& writer, const catalog::Site& site,
                                    const EventDataStore& store, bool tags) {
  writer.member("EventDataStoreArn", event_data_store_arn(site, store.id));
  writer.member("Name", store.name);
  writer.member("Status", store.status());
  writer.key("AdvancedEventSelectors");
  write_advanced_selectors(writer, store.selectors);
  writer.member("MultiRegionEnabled", store.multi_region);
  writer.member("OrganizationEnabled", false);
  writer.member("RetentionPeriod", store.retention_days);
  writer.member("TerminationProtectionEnabled", store.termination_protection);
  if (tags) {
    writer.key("TagsList");
    writer.begin_array();
    for (const auto& [key, value] : store.tags) {
      writer.begin_object();
      writer.member("Key", key);
      writer.member("Value", value);
      writer.end_object();
    }
    writer.end_array();
  }
  writer.key("CreatedTimestamp");
  writer.timestamp_milliseconds(store.created_milliseconds);
  writer.key("UpdatedTimestamp");
  writer.timestamp_milliseconds(store.updated_milliseconds);
  writer.member("BillingMode", "EXTENDABLE_RETENTION_PRICING");
}

Status apply_settings(const QueryCall& call, EventDataStore& store) {
  TRY(refuse(call, {"KmsKeyId"}));
  if (flag_of(call, "OrganizationEnabled").value_or(false)) {
    return invalid_parameter("Millrace has no organizations.");
  }
  const std::string billing = text_of(call, "BillingMode").value_or("EXTENDABLE_RETENTION_PRICING");
  if (billing != "EXTENDABLE_RETENTION_PRICING") {
    return invalid_parameter("Millrace has no BillingMode but EXTENDABLE_RETENTION_PRICING.");
  }
  const int64_t days_max = call.parts.settings.index_days;
  const int64_t days = integer_of(call, "RetentionPeriod").value_or(store.retention_days);
  if (days > days_max && json::member(call.input, "RetentionPeriod")) {
    return invalid_parameter(fmt::format(
        "RetentionPeriod must be at most {} days, for which the index keeps events.", days_max));
  }
  store.retention_days = days;
  if (const auto name = text_of(call, "Name")) store.name = *name;
  store.multi_region = flag_of(call, "MultiRegionEnabled").value_or(store.multi_region);
  store.termination_protection =
      flag_of(call, "TerminationProtectionEnabled").value_or(store.termination_protection);
  const auto selectors = json::member(call.input, "AdvancedEventSelectors");
  json::Array array;
  if (selectors && selectors->get(array) == simdjson::SUCCESS && array.size() > 0) {
    store.selectors = TRY(read_advanced_selectors(array));
  }
  return Done{};
}

Status check_name(const EventDataStores::Stores& stores, const EventDataStore& store) {
  const bool taken = std::ranges::any_of(stores, [&](const auto& one) {
    return one.second->name == store.name && one.second->id != store.id;
  });
  if (!taken) return Done{};
  return Error{ErrorCode::kEventDataStoreAlreadyExistsException,
               fmt::format("There is an event data store {} already.", store.name)};
}

Status check_room(const EventDataStores::Stores& stores) {
  const auto active = std::ranges::count_if(
      stores, [](const auto& one) { return !one.second->pending_deletion(); });
  if (static_cast<size_t>(active) < kEventDataStoresMax) return Done{};
  return Error{ErrorCode::kEventDataStoreMaxLimitExceededException,
               fmt::format("There are {} event data stores already.", active)};
}

void edit_store(const QueryCall& call, StoreEdit edit, StoreAnswer answer, api::Reply reply) {
  const auto named = find_store(call.parts, text_of(call, "EventDataStore").value_or(""));
  if (!named.ok()) return reply(named.error());
  const auto change = [id = (*named)->id, name = (*named)->name, edit = std::move(edit),
                       now = call.parts.clock.now_milliseconds()](
                          const EventDataStores::Stores& stores) -> Result<EventDataStorePointer> {
    const auto found = stores.find(id);
    if (found == stores.end()) {
      return Error{ErrorCode::kEventDataStoreNotFoundException,
                   fmt::format("There is no event data store {}.", name)};
    }
    EventDataStore store = *found->second;
    TRY(edit(stores, store));
    store.updated_milliseconds = now;
    return std::make_shared<const EventDataStore>(std::move(store));
  };
  call.parts.stores.change(change, [answer, &site = call.parts.site, reply = std::move(reply)](
                                       Result<EventDataStorePointer> changed) {
    if (!changed.ok()) return reply(std::move(changed).error());
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    if (answer == StoreAnswer::kMembers) {
      write_event_data_store_members(writer, site, **changed);
    }
    writer.end_object();
    reply(std::move(out));
  });
}

}  // namespace millrace::audit::query
