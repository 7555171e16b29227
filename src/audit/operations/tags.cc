#include "audit/operations/tags.h"

#include <set>

#include <fmt/format.h>

#include "audit/trail_name.h"
#include "ops/tag_text.h"

namespace millrace::audit {
namespace {

constexpr size_t kTagsMax = 50;

Error invalid_tag(std::string message) {
  return {ErrorCode::kInvalidTagParameterException, std::move(message)};
}

std::optional<std::string> text_member(json::Object object, std::string_view name) {
  std::string_view text;
  const auto member = json::member(object, name);
  if (!member || member->get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

Status check_tag(const RequestTag& tag) {
  if (tag.key.empty()) return invalid_tag("Tag keys cannot be empty.");
  if (tag.key.starts_with("aws:")) {
    return invalid_tag(fmt::format("Tag keys beginning with aws: are reserved: {}", tag.key));
  }
  if (!ops::is_tag_text(tag.key) || !ops::is_tag_text(tag.value.value_or(""))) {
    return invalid_tag(
        "Tag keys and values can only contain letters, numbers, white space and the characters "
        "_.:/=+-@");
  }
  return Done{};
}

enum class TaggedType : uint8_t { kTrail, kEventDataStore };

struct TaggedResource {
  TaggedType type = TaggedType::kTrail;
  std::string id;  // of a trail its name
};

Result<TaggedResource> tagged_resource(const TrailServices& services, const std::string& arn) {
  auto parsed = TRY(parse_cloud_trail_arn(services.site, arn));
  if (parsed.type == "trail") {
    return TaggedResource{TaggedType::kTrail, TRY(trail_name_of(services.site, arn))};
  }
  if (parsed.type == "eventdatastore" && services.event_data_stores != nullptr) {
    return TaggedResource{TaggedType::kEventDataStore, std::move(parsed.id)};
  }
  return Error{ErrorCode::kResourceTypeNotSupportedException,
               fmt::format("Resource type {} is not supported.", parsed.type)};
}

Error resource_not_found(const std::string& arn) {
  return {ErrorCode::kResourceNotFoundException, fmt::format("Unknown resource: {}", arn)};
}

}  // namespace

Result<std::vector<RequestTag>> read_tags(const TrailCall& call) {
  std::vector<RequestTag> tags;
  const auto array = array_of(call, "TagsList");
  if (!array) return tags;
  std::set<std::string> keys;
  for (const json::Element element : *array) {
    json::Object object;
    if (element.get(object) != simdjson::SUCCESS) continue;
    RequestTag tag{text_member(object, "Key").value_or(""), text_member(object, "Value")};
    TRY(check_tag(tag));
    if (!keys.insert(tag.key).second) {
      return invalid_tag(fmt::format("The tag key {} is there more than once.", tag.key));
    }
    tags.push_back(std::move(tag));
  }
  return tags;
}

Status add_tags(Tags& tags, const std::vector<RequestTag>& added) {
  for (const RequestTag& tag : added) tags[tag.key] = tag.value.value_or("");
  if (tags.size() <= kTagsMax) return Done{};
  return Error{ErrorCode::kTagsLimitExceededException,
               fmt::format("A resource can have no more than {} tags.", kTagsMax)};
}

void remove_tags(Tags& tags, const std::vector<RequestTag>& removed) {
  for (const RequestTag& tag : removed) {
    const auto found = tags.find(tag.key);
    if (found != tags.end() && tag.value.value_or(found->second) == found->second) {
      tags.erase(found);
    }
  }
}

void change_tags(const TrailCall& call, TaggedEventDataStores::Change change, api::Reply reply) {
  const std::string arn = text_of(call, "ResourceId").value_or("");
  const auto resource = tagged_resource(call.services, arn);
  if (!resource.ok()) return reply(resource.error());
  if (resource->type == TaggedType::kEventDataStore) {
    return call.services.event_data_stores->change_tags(arn, std::move(change),
                                                        [reply = std::move(reply)](Status status) {
                                                          if (!status.ok())
                                                            return reply(std::move(status).error());
                                                          reply(empty_answer());
                                                        });
  }
  if (call.services.store.find(resource->id) == nullptr) return reply(resource_not_found(arn));
  edit_trail(
      call.services, resource->id,
      [change = std::move(change)](Trail& trail) { return change(trail.tags); },
      [](const Trail&) { return empty_answer(); }, std::move(reply));
}

Result<Tags> tags_of(const TrailServices& services, const std::string& arn) {
  const auto resource = TRY(tagged_resource(services, arn));
  if (resource.type == TaggedType::kEventDataStore) return services.event_data_stores->tags(arn);
  const TrailPointer trail = services.store.find(resource.id);
  if (trail == nullptr) return resource_not_found(arn);
  return trail->tags;
}

}  // namespace millrace::audit
