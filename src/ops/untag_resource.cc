#include "ops/untag_resource.h"

#include "ops/stream_retention.h"
#include "ops/table_change.h"
#include "ops/tag_request.h"

namespace millrace::ops {
namespace {

struct UntagResourceRequest {
  catalog::TablePointer table;
  std::vector<std::string> keys;
};

Result<UntagResourceRequest> read_untag_resource(const Call& call) {
  const std::string arn = TRY(read_resource_arn(call.input));
  TRY(require_list(call.input, "TagKeys", "tagKeys"));
  const std::string table_name = TRY(tagged_table_name(call.database.catalog.site(), arn));
  UntagResourceRequest request;
  request.keys = TRY(read_tag_keys(call.input));
  if (request.keys.empty()) {
    return validation_error("Atleast one Tag Key needs to be provided as Input.");
  }
  request.table = call.database.catalog.find_table(table_name);
  if (!request.table) {
    return Error{ErrorCode::kResourceNotFoundException, "Requested resource not found"};
  }
  return request;
}

class Untagging final : public TableChange {
 public:
  Untagging(const Call& call, const catalog::Table& table, std::vector<std::string> keys,
            Reply reply)
      : TableChange(call.database, table, std::move(reply)),
        catalog_(call.database.catalog),
        keys_(std::move(keys)) {}

 private:
  Status apply(LaneBatches /*batches*/, catalog::Table& table, catalog::Change& change) override {
    for (const std::string& key : keys_) table.tags.erase(key);
    return apply_retention_tag(catalog_, table, change);
  }
  std::string response(const catalog::Table& /*table*/) override { return ""; }

  const catalog::Catalog& catalog_;
  const std::vector<std::string> keys_;
};

}  // namespace

void untag_resource(const Call& call, Reply reply) {
  auto request = read_untag_resource(call);
  if (!request.ok()) return reply(std::move(request).error());
  call.database.joint_writes.submit(std::make_unique<Untagging>(
      call, *request->table, std::move(request->keys), std::move(reply)));
}

}  // namespace millrace::ops
