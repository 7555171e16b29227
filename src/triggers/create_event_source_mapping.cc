#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/uuid.h"
#include "ops/input.h"
#include "triggers/event_source_mapping_operations.h"
#include "triggers/mapping_description.h"
#include "triggers/mapping_errors.h"
#include "triggers/mapping_settings.h"
#include "triggers/mapping_tags.h"

namespace millrace::triggers {
namespace {

Status check_event_source(const catalog::Catalog& catalog, std::string_view arn) {
  const auto parsed = catalog::parse_stream_arn(arn);
  if (!parsed) {
    return invalid_parameter(fmt::format(
        "Unrecognized event source, must be a DynamoDB stream. Unsupported source arn {}", arn));
  }
  const catalog::Site& site = catalog.site();
  if (parsed->region != site.region || parsed->account_id != site.account_id ||
      !catalog.find_stream(parsed->table_name, parsed->stream_label)) {
    return invalid_parameter(fmt::format("Stream not found: {}", arn));
  }
  return Done{};
}

Result<StartingPosition> read_starting_position(json::Object input, std::string_view arn) {
  const auto name = ops::optional_string(input, "StartingPosition");
  if (!name) {
    return invalid_parameter(
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy "
        "constraint: Member must not be null.");
  }
  const auto position = starting_position_of_name(*name);
  if (!position) {
    return invalid_parameter(fmt::format("Unsupported starting position for arn type: {}", arn));
  }
  return *position;
}

Result<MappingTags> read_tags(json::Object input) {
  MappingTags tags;
  if (const auto object = ops::optional_object(input, "Tags")) {
    for (const auto& [key, value] : *object) {
      tags[std::string(key)] = ops::string_or_empty(*object, key);
    }
  }
  TRY(check_mapping_tags(tags));
  return tags;
}

Result<Mapping> read_mapping(const MappingServices& services, json::Object input) {
  const auto settings = TRY(read_mapping_settings(input, services.destinations));
  Mapping mapping;
  mapping.event_source_arn = ops::string_or_empty(input, "EventSourceArn");
  if (mapping.event_source_arn.empty()) return invalid_parameter("Unrecognized event source.");
  mapping.starting_position = TRY(read_starting_position(input, mapping.event_source_arn));
  mapping.tags = TRY(read_tags(input));
  auto function = services.function_arn(ops::string_or_empty(input, "FunctionName"));
  if (!function && function.error().code == ErrorCode::kResourceNotFoundException) {
    return invalid_parameter("Function does not exist");
  }
  mapping.function_arn = TRY(std::move(function));
  TRY(check_event_source(services.catalog, mapping.event_source_arn));
  mapping.uuid = new_uuid(services.random);
  mapping.last_modified_milliseconds = services.clock.now_milliseconds();
  return with_settings(std::move(mapping), settings);
}

}  // namespace

void create_event_source_mapping(const MappingServices& services, const api::Request& request,
                                 api::RestReply reply) {
  auto mapping = read_mapping(services, request.input);
  if (!mapping) return reply(std::move(mapping).error());
  services.store.insert(std::make_shared<const Mapping>(*std::move(mapping)),
                        [&services, reply = std::move(reply)](Result<MappingPointer> inserted) {
                          if (!inserted) return reply(std::move(inserted).error());
                          reply(mapping_answer(**inserted, services));
                        });
}

}  // namespace millrace::triggers
