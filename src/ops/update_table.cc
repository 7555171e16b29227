#include "ops/update_table.h"

#include <fmt/format.h>

#include "ops/input.h"
#include "ops/table_change.h"
#include "ops/table_description.h"
#include "ops/table_request.h"
#include "streams/lineage.h"

namespace millrace::ops {
namespace {

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

using catalog::BillingMode;

struct UpdateTableRequest {
  std::optional<catalog::Throughput> throughput;
  std::optional<BillingMode> billing_mode;
  std::optional<StreamSpecification> stream;
  std::optional<bool> deletion_protection;
  std::optional<std::string> table_class;

  [[nodiscard]] bool empty() const {
    return !throughput && !billing_mode && !stream && !deletion_protection && !table_class;
  }
};

Result<UpdateTableRequest> read_update_table(json::Object input) {
  TRY(refuse_unsupported(
      input, {"AttributeDefinitions", "GlobalSecondaryIndexUpdates", "SSESpecification",
              "ReplicaUpdates", "OnDemandThroughput", "WarmThroughput", "MultiRegionConsistency",
              "GlobalTableWitnessUpdates", "GlobalTableSettingsReplicationMode"}));
  UpdateTableRequest request;
  request.throughput = TRY(read_throughput(input));
  if (auto mode = optional_string(input, "BillingMode")) {
    request.billing_mode =
        *mode == "PAY_PER_REQUEST" ? BillingMode::kPayPerRequest : BillingMode::kProvisioned;
  }
  request.stream = TRY(read_stream_specification(input, "updated"));
  request.deletion_protection = optional_boolean(input, "DeletionProtectionEnabled");
  if (auto table_class = optional_string(input, "TableClass")) request.table_class = *table_class;
  if (request.empty()) {
    return validation_error(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required");
  }
  if (request.billing_mode == BillingMode::kProvisioned && !request.throughput) {
    return validation_error(fmt::format(
        "{}ProvisionedThroughput must be specified when BillingMode is PROVISIONED", kInvalid));
  }
  return request;
}

Error throughput_unchanged(const catalog::Throughput& current,
                           const catalog::Throughput& requested) {
  return validation_error(fmt::format(
      "The provisioned throughput for the table will not change. The requested value equals the "
      "current value. Current ReadCapacityUnits provisioned for the table: {}. Requested "
      "ReadCapacityUnits: {}. Current WriteCapacityUnits provisioned for the table: {}. Requested "
      "WriteCapacityUnits: {}. Refer to the Amazon DynamoDB Developer Guide for current limits and "
      "how to request higher limits.",
      current.read_capacity_units, requested.read_capacity_units, current.write_capacity_units,
      requested.write_capacity_units));
}

Status change_billing(catalog::Table& table, const UpdateTableRequest& request,
                      int64_t now_milliseconds) {
  const BillingMode mode = request.billing_mode.value_or(table.billing_mode);
  if (mode == BillingMode::kPayPerRequest) {
    if (request.throughput) {
      return validation_error(
          fmt::format("{}Neither ReadCapacityUnits nor WriteCapacityUnits can "
                      "be specified when BillingMode is PAY_PER_REQUEST",
                      kInvalid));
    }
    if (table.billing_mode == BillingMode::kProvisioned) {
      table.pay_per_request_since_milliseconds = now_milliseconds;
      table.throughput.read_capacity_units = table.throughput.write_capacity_units = 0;
    }
  } else if (request.throughput) {
    catalog::Throughput& current = table.throughput;
    const catalog::Throughput& wanted = *request.throughput;
    if (table.billing_mode == mode && current.read_capacity_units == wanted.read_capacity_units &&
        current.write_capacity_units == wanted.write_capacity_units) {
      return throughput_unchanged(current, wanted);
    }
    const bool increases = wanted.read_capacity_units > current.read_capacity_units ||
                           wanted.write_capacity_units > current.write_capacity_units;
    const bool decreases = wanted.read_capacity_units < current.read_capacity_units ||
                           wanted.write_capacity_units < current.write_capacity_units;
    if (increases) current.last_increase_milliseconds = now_milliseconds;
    if (decreases) {
      constexpr int64_t kDayMilliseconds = 24LL * 60 * 60 * 1000;
      const bool same_day = current.last_decrease_milliseconds / kDayMilliseconds ==
                            now_milliseconds / kDayMilliseconds;
      current.decreases_today = same_day ? current.decreases_today + 1 : 1;
      current.last_decrease_milliseconds = now_milliseconds;
    }
    current.read_capacity_units = wanted.read_capacity_units;
    current.write_capacity_units = wanted.write_capacity_units;
  }
  table.billing_mode = mode;
  return Done{};
}

class TableUpdate final : public TableChange {
 public:
  TableUpdate(Database& database, UpdateTableRequest request, Reply reply)
      : TableChange(std::move(reply)), database_(database), request_(std::move(request)) {}

 private:
  Status apply(LaneBatch& batch, catalog::Table& table, catalog::Change& change) override {
    TRY(change_billing(table, request_, batch.now_milliseconds()));
    if (request_.stream) TRY(change_stream(batch, table, change));
    if (request_.deletion_protection) table.deletion_protection = *request_.deletion_protection;
    if (request_.table_class) table.table_class = *request_.table_class;
    return Done{};
  }

  std::string response(const catalog::Table& table) override {
    return table_response("TableDescription", database_.catalog.site(), table,
                          statistics_of(database_, table), "UPDATING");
  }

  Status change_stream(LaneBatch& batch, catalog::Table& table, catalog::Change& change) {
    const bool enabled = table.stream_enabled();
    if (request_.stream->enabled && enabled) {
      return validation_error("Table already has an enabled stream: TableName: " + table.name);
    }
    if (!request_.stream->enabled && !enabled) {
      return validation_error("Table has no stream to disable: TableName: " + table.name);
    }
    const std::vector<streams::LogEnd> log_ends = {{batch.partition(), batch.next_position()}};
    if (request_.stream->enabled) {
      const auto previous = latest_stream_of_name(database_.catalog, table.name);
      table.latest_stream = std::make_shared<const catalog::Stream>(
          streams::begin_stream(table, request_.stream->view_type, log_ends, previous.get(),
                                batch.now_milliseconds(), database_.random));
    } else {
      table.latest_stream = std::make_shared<const catalog::Stream>(
          streams::end_stream(*table.latest_stream, log_ends, batch.now_milliseconds()));
    }
    change.streams.push_back(table.latest_stream);
    return Done{};
  }

  Database& database_;
  const UpdateTableRequest request_;
};

}  // namespace

void update_table(const Call& call, Reply reply) {
  auto request = read_update_table(call.input);
  if (!request.ok()) return reply(std::move(request).error());
  auto table = find_table_by_name(call);
  if (!table.ok()) return reply(std::move(table).error());
  submit_table_change(
      call.database, **table,
      std::make_unique<TableUpdate>(call.database, std::move(*request), std::move(reply)));
}

}  // namespace millrace::ops
