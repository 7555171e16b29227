#include <algorithm>

#include "ops/input.h"
#include "triggers/event_source_mapping_operations.h"
#include "triggers/mapping_description.h"

namespace millrace::triggers {
namespace {

// The service returns no more, whatever MaxItems says.
constexpr size_t kPageMax = 100;
constexpr size_t kScanPage = 1000;

struct Filter {
  std::optional<std::string> function_arn;
  std::optional<std::string_view> event_source_arn;

  [[nodiscard]] bool matches(const Mapping& mapping) const {
    return (!function_arn || mapping.function_arn == *function_arn) &&
           (!event_source_arn || mapping.event_source_arn == *event_source_arn);
  }
};

// Up to `limit` above `after`.
std::vector<MappingPointer> find_all(const MappingStore& store, const Filter& filter,
                                     std::string after, size_t limit) {
  std::vector<MappingPointer> found;
  while (true) {
    const auto page = store.list(after, kScanPage);
    for (const MappingPointer& mapping : page) {
      if (!filter.matches(*mapping)) continue;
      found.push_back(mapping);
      if (found.size() == limit) return found;
    }
    if (page.size() < kScanPage) return found;
    after = page.back()->uuid;
  }
}

Result<api::RestAnswer> answer(const MappingServices& services, json::Object input) {
  Filter filter;
  if (const auto name = ops::optional_string(input, "FunctionName")) {
    filter.function_arn = TRY(services.function_arn(*name));
  }
  filter.event_source_arn = ops::optional_string(input, "EventSourceArn");
  const auto asked = ops::optional_integer(input, "MaxItems").value_or(kPageMax);
  const size_t limit = std::min(static_cast<size_t>(asked), kPageMax);
  // The marker is the UUID of the last of the page before.
  auto found = find_all(services.store, filter, ops::string_or_empty(input, "Marker"), limit + 1);
  const bool more = found.size() > limit;
  if (more) found.pop_back();

  api::RestAnswer answer;
  json::Writer writer(answer.body);
  writer.begin_object();
  if (more) writer.member("NextMarker", found.back()->uuid);
  writer.key("EventSourceMappings");
  writer.begin_array();
  for (const MappingPointer& mapping : found) write_mapping_description(writer, *mapping, services);
  writer.end_array();
  writer.end_object();
  return answer;
}

}  // namespace

void list_event_source_mappings(const MappingServices& services, const api::Request& request,
                                const api::RestReply& reply) {
  reply(answer(services, request.input));
}

}  // namespace millrace::triggers
