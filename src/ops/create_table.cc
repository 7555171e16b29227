#include "ops/create_table.h"

#include <fmt/format.h>

#include "ops/index_request.h"
#include "ops/input.h"
#include "ops/resource_policy_request.h"
#include "ops/table_description.h"
#include "ops/table_request.h"
#include "ops/tag_request.h"
#include "streams/lineage.h"
#include "streams/retention.h"

namespace millrace::ops {
namespace {

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

Status read_billing(json::Object input, catalog::Table& table, int64_t now_milliseconds) {
  const auto throughput = TRY(read_throughput(input));
  if (optional_string(input, "BillingMode") == "PAY_PER_REQUEST") {
    if (throughput) {
      return validation_error(
          fmt::format("{}Neither ReadCapacityUnits nor WriteCapacityUnits can "
                      "be specified when BillingMode is PAY_PER_REQUEST",
                      kInvalid));
    }
    table.billing_mode = catalog::BillingMode::kPayPerRequest;
    table.pay_per_request_since_milliseconds = now_milliseconds;
    return Done{};
  }
  if (!throughput) {
    return validation_error(
        fmt::format("{}ReadCapacityUnits and WriteCapacityUnits must both be "
                    "specified when BillingMode is PROVISIONED",
                    kInvalid));
  }
  table.throughput = *throughput;
  return Done{};
}

Result<catalog::ResourcePolicyPointer> read_first_policy(json::Object input,
                                                         int64_t now_milliseconds) {
  const auto json = optional_string(input, "ResourcePolicy");
  if (!json) return catalog::ResourcePolicyPointer();
  catalog::ResourcePolicy policy = TRY(read_resource_policy(*json, false));
  policy.revision_id = std::to_string(now_milliseconds);
  return std::make_shared<const catalog::ResourcePolicy>(std::move(policy));
}

std::string new_uuid(Random& random) {
  const uint64_t high = (random.next() & ~0xF000ULL) | 0x4000ULL;
  const uint64_t low = (random.next() & ~(3ULL << 62)) | (2ULL << 62);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF,
                     high & 0xFFFF, low >> 48, low & 0xFFFFFFFFFFFFULL);
}

Result<catalog::Table> read_create_table(const Call& call) {
  const json::Object input = call.input;
  TRY(refuse_unsupported(input, {"SSESpecification", "OnDemandThroughput", "WarmThroughput",
                                 "GlobalTableSettingsReplicationMode", "GlobalTableSourceArn"}));
  catalog::Table table;
  table.name = string_or_empty(input, "TableName");
  table.id = new_uuid(call.database.random);
  table.created_milliseconds = call.database.clock.now_milliseconds();
  TRY(read_billing(input, table, table.created_milliseconds));
  table.attribute_definitions = TRY(read_attribute_definitions(input));
  table.key_schema = TRY(read_table_key_schema(input, table.attribute_definitions));
  TRY(read_indexes(input, call.database.catalog, table));
  TRY(check_all_used(table));
  table.deletion_protection = optional_boolean(input, "DeletionProtectionEnabled").value_or(false);
  table.table_class = string_or_empty(input, "TableClass");
  table.tags = TRY(read_tags(input));
  (void)TRY(streams::retention_seconds_of(table.tags));
  table.resource_policy = TRY(read_first_policy(input, table.created_milliseconds));
  const auto stream = TRY(read_stream_specification(
      input, "Table is being created with a stream enabled, UpdateViewType is required",
      "Table is being created with a stream disabled, UpdateViewType should not be specified"));
  table.items_partition = call.database.catalog.new_partition_id();
  table.partitions.push_back({call.database.catalog.new_partition_id(), 0});
  if (stream && stream->enabled) {
    const auto previous = latest_stream_of_name(call.database.catalog, table.name);
    table.latest_stream = std::make_shared<const catalog::Stream>(
        streams::begin_stream(table, stream->view_type, {{table.partitions.front().id, 1}},
                              previous.get(), table.created_milliseconds, call.database.random));
  }
  return table;
}

// Called when the table is on disk: from here on it can be used.
Result<std::string> finish(Database& database, const catalog::Change& change,
                           const catalog::TablePointer& table) {
  TRY(database.lanes.open(table));
  database.catalog.publish(change);
  return table_response("TableDescription", database.catalog.site(), *table, {}, "CREATING");
}

}  // namespace

void create_table(const Call& call, Reply reply) {
  auto read = read_create_table(call);
  if (!read.ok()) return reply(std::move(read).error());
  auto table = std::make_shared<const catalog::Table>(std::move(*read));
  Database& database = call.database;
  if (!database.catalog.reserve_name(table->name)) {
    return reply(Error{ErrorCode::kResourceInUseException, "Table already exists: " + table->name});
  }
  catalog::Change change;
  change.tables.push_back(table);
  if (table->latest_stream) change.streams.push_back(table->latest_stream);
  std::vector<engine::PartitionCommit> commit;
  commit.push_back(database.catalog.commit_of(change));
  database.engine.commit(std::move(commit),
                         [&database, change, table, reply = std::move(reply)](Status committed) {
                           if (!committed.ok()) {
                             database.catalog.release_name(table->name);
                             return reply(std::move(committed).error());
                           }
                           reply(finish(database, change, table));
                         });
}

}  // namespace millrace::ops
