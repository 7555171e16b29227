// Tags in requests about trails and event data stores.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/operations/trail_call.h"

namespace millrace::audit {

using Tags = TaggedEventDataStores::Tags;

struct RequestTag {
  std::string key;
  std::optional<std::string> value;
};

// Those in TagsList. InvalidTagParameterException for keys and values that no tag may have, and for
// a key that is there twice.
[[nodiscard]] Result<std::vector<RequestTag>> read_tags(const TrailCall& call);

// TagsLimitExceededException, for more tags than a resource may have.
[[nodiscard]] Status add_tags(Tags& tags, const std::vector<RequestTag>& added);
// A tag that is named with another value than it has stays.
void remove_tags(Tags& tags, const std::vector<RequestTag>& removed);

// Changes the tags of the resource whose ARN is in ResourceId, and answers. Refuses ARNs of nothing
// that has tags.
void change_tags(const TrailCall& call, TaggedEventDataStores::Change change, api::Reply reply);
// The tags of the resource with the ARN.
[[nodiscard]] Result<Tags> tags_of(const TrailServices& services, const std::string& arn);

}  // namespace millrace::audit
