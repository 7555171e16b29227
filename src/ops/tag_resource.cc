#include "ops/tag_resource.h"

#include "ops/stream_retention.h"
#include "ops/table_change.h"
#include "ops/tag_request.h"

namespace millrace::ops {
namespace {

struct TagResourceRequest {
  catalog::TablePointer table;
  catalog::Tags tags;
};

Result<TagResourceRequest> read_tag_resource(const Call& call) {
  const std::string arn = TRY(read_resource_arn(call.input));
  TRY(require_list(call.input, "Tags", "tags"));
  const std::string table_name = TRY(tagged_table_name(call.database.catalog.site(), arn));
  TagResourceRequest request;
  request.tags = TRY(read_tags(call.input));
  if (request.tags.empty())
    return validation_error("Atleast one Tag needs to be provided as Input.");
  request.table = call.database.catalog.find_table(table_name);
  if (!request.table) return resource_not_found(arn);
  return request;
}

class Tagging final : public TableChange {
 public:
  Tagging(const Call& call, const catalog::Table& table, catalog::Tags tags, Reply reply)
      : TableChange(call.database, table, std::move(reply)),
        catalog_(call.database.catalog),
        tags_(std::move(tags)) {}

 private:
  Status apply(LaneBatches /*batches*/, catalog::Table& table, catalog::Change& change) override {
    for (const auto& [key, value] : tags_) table.tags[key] = value;
    TRY(check_tag_count(table.tags.size()));
    return apply_retention_tag(catalog_, table, change);
  }
  std::string response(const catalog::Table& /*table*/) override { return ""; }

  const catalog::Catalog& catalog_;
  const catalog::Tags tags_;
};

}  // namespace

void tag_resource(const Call& call, Reply reply) {
  auto request = read_tag_resource(call);
  if (!request.ok()) return reply(std::move(request).error());
  call.database.joint_writes.submit(
      std::make_unique<Tagging>(call, *request->table, std::move(request->tags), std::move(reply)));
}

}  // namespace millrace::ops
