// Tags of event source mappings, for whoever answers TagResource, UntagResource and ListTags.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/arn.h"
#include "triggers/mapping_store.h"

namespace millrace::triggers {

using MappingTags = std::map<std::string, std::string>;

// "arn:aws:lambda:REGION:ACCOUNT:event-source-mapping:UUID"
[[nodiscard]] std::string mapping_arn(const catalog::Site& site, std::string_view uuid);
// nullopt for anything else, and for another region's or account's.
[[nodiscard]] std::optional<std::string> mapping_uuid_of_arn(const catalog::Site& site,
                                                             std::string_view arn);

// InvalidParameterValueException for more than 50 tags, or one that is too long or reserved.
[[nodiscard]] Status check_mapping_tags(const MappingTags& tags);

// ResourceNotFoundException when there is no such mapping.
[[nodiscard]] Result<MappingTags> list_mapping_tags(const MappingStore& store,
                                                    const std::string& uuid);
// Likewise; `done` is called once, when it is durable, on any thread.
void tag_mapping(MappingStore& store, const std::string& uuid, MappingTags tags,
                 std::function<void(Status)> done);
void untag_mapping(MappingStore& store, const std::string& uuid, std::vector<std::string> keys,
                   std::function<void(Status)> done);

}  // namespace millrace::triggers
