#include "ops/resource_policy_change.h"

#include "json/writer.h"
#include "ops/input.h"

namespace millrace::ops {
namespace {

std::optional<std::string> expected_revision_id(json::Object input) {
  const auto id = optional_string(input, "ExpectedRevisionId");
  if (!id) return std::nullopt;
  return std::string(*id);
}

}  // namespace

ResourcePolicyChange::ResourcePolicyChange(const Call& call, const catalog::Table& table,
                                           PolicyOwner owner, Reply reply)
    : TableChange(call.database, table, std::move(reply)),
      catalog_(call.database.catalog),
      owner_(std::move(owner)),
      expected_revision_id_(expected_revision_id(call.input)) {}

Status ResourcePolicyChange::apply(LaneBatches batches, catalog::Table& table,
                                   catalog::Change& change) {
  const int64_t now_milliseconds = batches.front()->now_milliseconds();
  if (!owner_.is_stream()) {
    TRY(check_revision(owner_, table.resource_policy, expected_revision_id_));
    table.resource_policy = changed(table.resource_policy, now_milliseconds);
    return Done{};
  }
  auto stream = std::make_shared<catalog::Stream>(*TRY(find_owner_stream(catalog_, owner_, table)));
  TRY(check_revision(owner_, stream->resource_policy, expected_revision_id_));
  stream->resource_policy = changed(stream->resource_policy, now_milliseconds);
  if (table.latest_stream && table.latest_stream->label == stream->label) {
    table.latest_stream = stream;
  }
  change.streams.push_back(std::move(stream));
  return Done{};
}

std::string ResourcePolicyChange::response(const catalog::Table& /*table*/) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  if (const std::string id = revision_id(); !id.empty()) writer.member("RevisionId", id);
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
