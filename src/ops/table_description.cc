#include "ops/table_description.h"

namespace millrace::ops {
namespace {

void write_attribute_definitions(json::Writer& writer, const catalog::Table& table) {
  writer.key("AttributeDefinitions");
  writer.begin_array();
  for (const catalog::KeyAttribute& attribute : table.attribute_definitions) {
    writer.begin_object();
    writer.member("AttributeName", attribute.name);
    writer.member("AttributeType", attribute_type_name(attribute.type));
    writer.end_object();
  }
  writer.end_array();
}

void write_time_if_any(json::Writer& writer, std::string_view name, int64_t milliseconds) {
  if (milliseconds == 0) return;
  writer.key(name);
  writer.timestamp_milliseconds(milliseconds);
}

void write_throughput(json::Writer& writer, const catalog::Throughput& throughput) {
  writer.key("ProvisionedThroughput");
  writer.begin_object();
  write_time_if_any(writer, "LastIncreaseDateTime", throughput.last_increase_milliseconds);
  write_time_if_any(writer, "LastDecreaseDateTime", throughput.last_decrease_milliseconds);
  writer.member("NumberOfDecreasesToday", throughput.decreases_today);
  writer.member("ReadCapacityUnits", throughput.read_capacity_units);
  writer.member("WriteCapacityUnits", throughput.write_capacity_units);
  writer.end_object();
}

// Tables that never were on demand have no summary.
void write_billing_mode(json::Writer& writer, const catalog::Table& table) {
  if (table.pay_per_request_since_milliseconds == 0) return;
  const bool on_demand = table.billing_mode == catalog::BillingMode::kPayPerRequest;
  writer.key("BillingModeSummary");
  writer.begin_object();
  writer.member("BillingMode", on_demand ? "PAY_PER_REQUEST" : "PROVISIONED");
  write_time_if_any(writer, "LastUpdateToPayPerRequestDateTime",
                    table.pay_per_request_since_milliseconds);
  writer.end_object();
}

void write_projection(json::Writer& writer, const catalog::Index& index) {
  writer.key("Projection");
  writer.begin_object();
  writer.member("ProjectionType", catalog::projection_type_name(index.projection_type));
  if (!index.non_key_attributes.empty()) {
    writer.key("NonKeyAttributes");
    writer.begin_array();
    for (const std::string& name : index.non_key_attributes) writer.string(name);
    writer.end_array();
  }
  writer.end_object();
}

std::string_view index_status(const catalog::Index& index, std::string_view table_status) {
  if (index.deleting) return "DELETING";
  return index.backfilling || table_status == "CREATING" ? "CREATING" : "ACTIVE";
}

void write_index(json::Writer& writer, const catalog::Site& site, const catalog::Table& table,
                 const catalog::Index& index, const SizeStatistics& statistics,
                 std::string_view table_status) {
  writer.begin_object();
  writer.member("IndexName", index.name);
  write_key_schema(writer, index.key_schema);
  write_projection(writer, index);
  if (index.global) {
    writer.member("IndexStatus", index_status(index, table_status));
    if (index.backfilling) writer.member("Backfilling", true);
    write_throughput(writer, index.throughput);
  }
  writer.member("IndexSizeBytes", statistics.item_bytes);
  writer.member("ItemCount", statistics.item_count);
  writer.member("IndexArn", catalog::index_arn(site, table.name, index.name));
  writer.end_object();
}

// Absent when the table has none of the kind.
void write_indexes(json::Writer& writer, const catalog::Site& site, const catalog::Table& table,
                   const PartitionStatistics& statistics, std::string_view table_status,
                   bool global) {
  bool begun = false;
  for (const catalog::Index& index : table.indexes) {
    if (index.global != global) continue;
    if (!begun) {
      writer.key(global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes");
      writer.begin_array();
    }
    begun = true;
    write_index(writer, site, table, index, statistics.of_index(index.number), table_status);
  }
  if (begun) writer.end_array();
}

void write_stream(json::Writer& writer, const catalog::Site& site, const catalog::Table& table) {
  if (!table.latest_stream) return;
  const catalog::Stream& stream = *table.latest_stream;
  if (stream.enabled) {
    writer.key("StreamSpecification");
    writer.begin_object();
    writer.member("StreamEnabled", true);
    writer.member("StreamViewType", catalog::stream_view_type_name(stream.view_type));
    writer.end_object();
  }
  writer.member("LatestStreamLabel", stream.label);
  writer.member("LatestStreamArn", catalog::stream_arn(site, table.name, stream.label));
}

}  // namespace

void write_key_schema(json::Writer& writer, const catalog::KeySchema& schema) {
  write_key_schema(writer, catalog::CompositeKeySchema::of(schema));
}

void write_key_schema(json::Writer& writer, const catalog::CompositeKeySchema& schema) {
  auto write_element = [&](const catalog::KeyAttribute& attribute, std::string_view key_type) {
    writer.begin_object();
    writer.member("AttributeName", attribute.name);
    writer.member("KeyType", key_type);
    writer.end_object();
  };
  writer.key("KeySchema");
  writer.begin_array();
  for (const catalog::KeyAttribute& key : schema.partition_keys) write_element(key, "HASH");
  for (const catalog::KeyAttribute& key : schema.sort_keys) write_element(key, "RANGE");
  writer.end_array();
}

void write_table_description(json::Writer& writer, const catalog::Site& site,
                             const catalog::Table& table, const PartitionStatistics& statistics,
                             std::string_view status) {
  writer.begin_object();
  write_attribute_definitions(writer, table);
  writer.member("TableName", table.name);
  write_key_schema(writer, table.key_schema);
  writer.member("TableStatus", status);
  write_time_if_any(writer, "CreationDateTime", table.created_milliseconds);
  write_throughput(writer, table.throughput);
  writer.member("TableSizeBytes", statistics.items.item_bytes);
  writer.member("ItemCount", statistics.items.item_count);
  writer.member("TableArn", catalog::table_arn(site, table.name));
  writer.member("TableId", table.id);
  write_billing_mode(writer, table);
  write_indexes(writer, site, table, statistics, status, false);
  // A table that is being deleted has lost its global indexes already.
  if (status != "DELETING") write_indexes(writer, site, table, statistics, status, true);
  write_stream(writer, site, table);
  if (!table.table_class.empty()) {
    writer.key("TableClassSummary");
    writer.begin_object();
    writer.member("TableClass", table.table_class);
    writer.end_object();
  }
  writer.member("DeletionProtectionEnabled", table.deletion_protection);
  writer.end_object();
}

std::string table_response(std::string_view member, const catalog::Site& site,
                           const catalog::Table& table, const PartitionStatistics& statistics,
                           std::string_view status) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key(member);
  write_table_description(writer, site, table, statistics, status);
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
