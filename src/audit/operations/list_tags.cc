#include "audit/operations/operations.h"
#include "audit/operations/tags.h"
#include "json/writer.h"

namespace millrace::audit {
namespace {

constexpr size_t kResourcesMax = 20;

void write_resource_tags(json::Writer& writer, const std::string& arn, const Tags& tags) {
  writer.begin_object();
  writer.member("ResourceId", arn);
  writer.key("TagsList");
  writer.begin_array();
  for (const auto& [key, value] : tags) {
    writer.begin_object();
    writer.member("Key", key);
    writer.member("Value", value);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
}

}  // namespace

Result<std::string> list_tags(const TrailCall& call) {
  // The service reserves it for later: there is one page.
  if (text_of(call, "NextToken")) {
    return Error{ErrorCode::kInvalidTokenException, "The specified NextToken is invalid."};
  }
  const std::vector<std::string> arns = texts_of(call, "ResourceIdList");
  if (arns.empty() || arns.size() > kResourcesMax) {
    return Error{ErrorCode::kInvalidParameterException,
                 "ResourceIdList must have between 1 and 20 ARNs."};
  }
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("ResourceTagList");
  writer.begin_array();
  for (const std::string& arn : arns) {
    write_resource_tags(writer, arn, TRY(tags_of(call.services, arn)));
  }
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace millrace::audit
