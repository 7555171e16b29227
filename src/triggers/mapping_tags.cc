#include "triggers/mapping_tags.h"

#include <fmt/format.h>

#include "ops/tag_text.h"
#include "triggers/mapping_errors.h"

namespace millrace::triggers {
namespace {

constexpr size_t kTagsMax = 50;
constexpr size_t kKeyLengthMax = 128;
constexpr size_t kValueLengthMax = 256;

// `edit` changes the tags; what comes of it is checked.
template <typename Edit>
void change_tags(MappingStore& store, const std::string& uuid, Edit edit,
                 std::function<void(Status)> done) {
  store.change(
      uuid,
      [edit = std::move(edit)](const MappingPointer& current) -> Result<MappingPointer> {
        if (!current) return mapping_not_found();
        Mapping next = *current;
        edit(next.tags);
        if (next.tags == current->tags) return current;
        TRY(check_mapping_tags(next.tags));
        return std::make_shared<const Mapping>(std::move(next));
      },
      [done = std::move(done)](Result<MappingPointer> changed) {
        done(changed ? Status(Done{}) : Status(std::move(changed).error()));
      });
}

}  // namespace

std::string mapping_arn(const catalog::Site& site, std::string_view uuid) {
  return fmt::format("arn:aws:lambda:{}:{}:event-source-mapping:{}", site.region, site.account_id,
                     uuid);
}

std::optional<std::string> mapping_uuid_of_arn(const catalog::Site& site, std::string_view arn) {
  const std::string prefix = mapping_arn(site, "");
  if (!arn.starts_with(prefix) || arn.size() == prefix.size()) return std::nullopt;
  return std::string(arn.substr(prefix.size()));
}

Status check_mapping_tags(const MappingTags& tags) {
  if (tags.size() > kTagsMax) {
    return invalid_parameter(
        fmt::format("An event source mapping may have up to {} tags.", kTagsMax));
  }
  for (const auto& [key, value] : tags) {
    if (key.empty() || ops::tag_text_length(key) > kKeyLengthMax || !ops::is_tag_text(key)) {
      return invalid_parameter(fmt::format("The tag key is not valid: {}", key));
    }
    if (key.starts_with("aws:")) {
      return invalid_parameter(fmt::format("Tag keys may not begin with aws: {}", key));
    }
    if (ops::tag_text_length(value) > kValueLengthMax || !ops::is_tag_text(value)) {
      return invalid_parameter(fmt::format("The value of the tag {} is not valid: {}", key, value));
    }
  }
  return Done{};
}

Result<MappingTags> list_mapping_tags(const MappingStore& store, const std::string& uuid) {
  const MappingPointer mapping = store.find(uuid);
  if (!mapping) return mapping_not_found();
  return mapping->tags;
}

void tag_mapping(MappingStore& store, const std::string& uuid, MappingTags tags,
                 std::function<void(Status)> done) {
  change_tags(
      store, uuid,
      [tags = std::move(tags)](MappingTags& current) {
        for (const auto& [key, value] : tags) current[key] = value;
      },
      std::move(done));
}

void untag_mapping(MappingStore& store, const std::string& uuid, std::vector<std::string> keys,
                   std::function<void(Status)> done) {
  change_tags(
      store, uuid,
      [keys = std::move(keys)](MappingTags& current) {
        for (const std::string& key : keys) current.erase(key);
      },
      std::move(done));
}

}  // namespace millrace::triggers
