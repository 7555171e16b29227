// Changes of a log group's tags, and the group that a resource's ARN names.
#pragma once

#include <string>
#include <vector>

#include "logs/call.h"

namespace millrace::logs {

struct TagChange {
  std::string group;
  Tags set;
  std::vector<std::string> removed;
  ErrorCode too_many = ErrorCode::kInvalidParameterException;
};

// ResourceNotFoundException when there is no such group, `too_many` beyond 50 tags.
void change_tags(const Call& call, TagChange change, Reply reply);

// Of the member resourceArn.
[[nodiscard]] Result<std::string> tagged_group_name(const Call& call);

// The answer of an operation that lists them.
[[nodiscard]] Result<std::string> list_tags(const Call& call, const std::string& group_name);

}  // namespace millrace::logs
