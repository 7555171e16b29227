#include "ops/list_tags_of_resource.h"

#include "json/writer.h"
#include "ops/input.h"
#include "ops/tag_request.h"

namespace millrace::ops {

Result<std::string> list_tags_of_resource(const Call& call) {
  const std::string arn = TRY(read_resource_arn(call.input));
  const std::string table_name = TRY(tagged_table_name(call.database.catalog.site(), arn));
  // As in the service all tags fit on one page, so every token is one that was never given out.
  if (optional_string(call.input, "NextToken")) return validation_error("Invalid NextToken");
  const auto table = call.database.catalog.find_table(table_name);
  if (!table) return resource_not_found(arn);

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Tags");
  writer.begin_array();
  for (const auto& [key, value] : table->tags) {
    writer.begin_object();
    writer.member("Key", key);
    writer.member("Value", value);
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
