#include <charconv>

#include "audit/query/event_data_store.h"
#include "audit/selectors_json.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::audit::query {
namespace {

constexpr int64_t kVersion = 1;

template <typename T>
bool read(json::Object object, std::string_view name, T& value) {
  return object.at_key(name).get(value) == simdjson::SUCCESS;
}

bool read(json::Object object, std::string_view name, std::string& value) {
  std::string_view text;
  if (!read(object, name, text)) return false;
  value = text;
  return true;
}

bool read_sink(json::Object object, SinkId& sink) {
  std::string_view digits;
  if (!read(object, "sink", digits)) return false;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), sink);
  return error == std::errc() && end == digits.data() + digits.size() && sink != 0;
}

bool read_tags(json::Object object, std::map<std::string, std::string>& tags) {
  json::Object members;
  if (!read(object, "tags", members)) return false;
  for (const auto& [name, value] : members) {
    std::string_view text;
    if (value.get(text) != simdjson::SUCCESS) return false;
    tags[std::string(name)] = text;
  }
  return true;
}

bool read_selectors(json::Object object, std::vector<AdvancedSelector>& selectors) {
  json::Array array;
  if (!read(object, "selectors", array)) return false;
  auto parsed = parse_advanced_selectors(array);
  if (!parsed) return false;
  selectors = *std::move(parsed);
  return true;
}

}  // namespace

std::string write_event_data_store(const EventDataStore& store) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("version", kVersion);
  writer.member("id", store.id);
  writer.member("sink", std::to_string(store.sink));  // of 64 bits, which JSON's numbers may lose
  writer.member("name", store.name);
  writer.key("selectors");
  write_advanced_selectors(writer, store.selectors);
  writer.member("retention_days", store.retention_days);
  writer.member("multi_region", store.multi_region);
  writer.member("termination_protection", store.termination_protection);
  writer.member("ingesting", store.ingesting);
  writer.key("tags");
  writer.begin_object();
  for (const auto& [name, value] : store.tags) writer.member(name, value);
  writer.end_object();
  writer.member("created_milliseconds", store.created_milliseconds);
  writer.member("updated_milliseconds", store.updated_milliseconds);
  writer.member("deleted_milliseconds", store.deleted_milliseconds);
  writer.end_object();
  return out;
}

Result<EventDataStore> read_event_data_store(std::string_view text) {
  const Error unreadable = internal_error("a stored event data store cannot be read");
  auto document = json::Document::parse(text);
  json::Object object;
  if (!document || document->root().get(object) != simdjson::SUCCESS) return unreadable;
  int64_t version = 0;
  EventDataStore store;
  const bool complete =
      read(object, "version", version) && version == kVersion && read(object, "id", store.id) &&
      read_sink(object, store.sink) && read(object, "name", store.name) &&
      read_selectors(object, store.selectors) &&
      read(object, "retention_days", store.retention_days) &&
      read(object, "multi_region", store.multi_region) &&
      read(object, "termination_protection", store.termination_protection) &&
      read(object, "ingesting", store.ingesting) && read_tags(object, store.tags) &&
      read(object, "created_milliseconds", store.created_milliseconds) &&
      read(object, "updated_milliseconds", store.updated_milliseconds) &&
      read(object, "deleted_milliseconds", store.deleted_milliseconds);
  if (!complete) return unreadable;
  return store;
}

}  // namespace millrace::audit::query
