#include "logs/operations.h"
#include "logs/tag_change.h"

namespace millrace::logs {

Result<std::string> list_tags_for_resource(const Call& call) {
  return list_tags(call, TRY(tagged_group_name(call)));
}

}  // namespace millrace::logs
