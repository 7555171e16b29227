#include "logs/input.h"
#include "logs/operations.h"
#include "logs/tag_change.h"

namespace millrace::logs {

Result<std::string> list_tags_log_group(const Call& call) {
  return list_tags(call, string_or_empty(call.input, "logGroupName"));
}

}  // namespace millrace::logs
