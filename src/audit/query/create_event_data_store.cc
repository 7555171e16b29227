#include <fmt/format.h>

#include "audit/query/event_data_store_request.h"
#include "audit/query/operations.h"
#include "base/uuid.h"

namespace millrace::audit::query {
namespace {

constexpr size_t kTagsMax = 50;
constexpr int64_t kRetentionDaysMin = 7;

Error invalid_tag(std::string message) {
  return {ErrorCode::kInvalidTagParameterException, std::move(message)};
}

Result<std::map<std::string, std::string>> read_tags(json::Object input) {
  std::map<std::string, std::string> tags;
  const auto list = json::member(input, "TagsList");
  json::Array array;
  if (!list || list->get(array) != simdjson::SUCCESS) return tags;
  for (const json::Element element : array) {
    json::Object tag;
    std::string_view key;
    std::string_view value;
    if (element.get(tag) != simdjson::SUCCESS || tag.at_key("Key").get(key) != simdjson::SUCCESS) {
      return invalid_tag("A tag has no key.");
    }
    const auto found = json::member(tag, "Value");
    if (found && found->get(value) != simdjson::SUCCESS) return invalid_tag("A tag has no text.");
    if (key.starts_with("aws:")) return invalid_tag("Tags that begin with aws: are reserved.");
    if (!tags.emplace(key, value).second) {
      return invalid_tag(fmt::format("The tag {} is there twice.", key));
    }
  }
  if (tags.size() > kTagsMax) {
    return Error{ErrorCode::kTagsLimitExceededException,
                 fmt::format("A resource may have {} tags.", kTagsMax)};
  }
  return tags;
}

// What a store covers that says nothing: management events.
std::vector<AdvancedSelector> default_selectors() {
  return {{.name = "Default management events",
           .fields = {{.field = "eventCategory", .equals = {"Management"}}}}};
}

SinkId new_sink(Random& random) {
  while (true) {
    if (const SinkId sink = random.next(); sink != 0) return sink;
  }
}

Result<EventDataStore> read_create_event_data_store(const QueryCall& call) {
  EventDataStore store;
  store.selectors = default_selectors();
  store.retention_days = std::max(call.parts.settings.index_days, kRetentionDaysMin);
  TRY(apply_settings(call, store));
  store.tags = TRY(read_tags(call.input));
  store.ingesting = flag_of(call, "StartIngestion").value_or(true);
  store.id = new_uuid(call.parts.random);
  store.sink = new_sink(call.parts.random);
  store.created_milliseconds = call.parts.clock.now_milliseconds();
  store.updated_milliseconds = store.created_milliseconds;
  return store;
}

}  // namespace

void create_event_data_store(const QueryCall& call, api::Reply reply) {
  auto read = read_create_event_data_store(call);
  if (!read.ok()) return reply(std::move(read).error());
  const auto create = [store = std::make_shared<const EventDataStore>(*std::move(read))](
                          const EventDataStores::Stores& stores) -> Result<EventDataStorePointer> {
    TRY(check_name(stores, *store));
    TRY(check_room(stores));
    return store;
  };
  call.parts.stores.change(create, [&site = call.parts.site, reply = std::move(reply)](
                                       Result<EventDataStorePointer> created) {
    if (!created.ok()) return reply(std::move(created).error());
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    write_event_data_store_members(writer, site, **created, true);
    writer.end_object();
    reply(std::move(out));
  });
}

}  // namespace millrace::audit::query
