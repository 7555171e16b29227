#include "ops/update_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "ops/index_update.h"
#include "ops/input.h"
#include "ops/table_change.h"
#include "ops/table_description.h"
#include "ops/table_request.h"
#include "ops/throughput_update.h"
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
  bool updates_indexes = false;
  IndexUpdates indexes = {};

  [[nodiscard]] bool empty() const {
    return !throughput && !billing_mode && !stream && !deletion_protection && !table_class &&
           !updates_indexes;
  }
};

bool creates_or_deletes_index(json::Object input) {
  const auto updates = objects_of(input, "GlobalSecondaryIndexUpdates");
  return std::any_of(updates.begin(), updates.end(), [](json::Object update) {
    return json::member(update, "Create") || json::member(update, "Delete");
  });
}

// What may not stand beside other changes in one request.
Status check_alone(json::Object input, const UpdateTableRequest& request) {
  auto refuse = [](std::string_view what) {
    return validation_error(fmt::format("{}{}", kInvalid, what));
  };
  const bool changes_units = request.throughput || request.billing_mode;
  const int others =
      (changes_units ? 1 : 0) + (request.stream ? 1 : 0) + (request.updates_indexes ? 1 : 0);
  if (request.deletion_protection && (others > 0 || request.table_class)) {
    return refuse("DeletionProtection modification must be the only operation in the request");
  }
  if (request.table_class && others > 0) {
    return refuse("TableClass modification must be the only operation in the request");
  }
  const bool changes_indexes = creates_or_deletes_index(input);
  if (request.stream && request.throughput) {
    return refuse("You cannot modify stream status while updating table IOPS");
  }
  if (changes_indexes && request.throughput) {
    return refuse("You cannot create or delete index while updating table IOPS");
  }
  if (changes_indexes && request.stream) {
    return refuse("You cannot create or delete index while changing stream status");
  }
  return Done{};
}

Result<UpdateTableRequest> read_update_table(json::Object input) {
  TRY(refuse_unsupported(
      input, {"SSESpecification", "ReplicaUpdates", "OnDemandThroughput", "WarmThroughput",
              "MultiRegionConsistency", "GlobalTableWitnessUpdates",
              "GlobalTableSettingsReplicationMode"}));
  UpdateTableRequest request;
  request.throughput = TRY(read_throughput(input));
  if (auto mode = optional_string(input, "BillingMode")) {
    request.billing_mode =
        *mode == "PAY_PER_REQUEST" ? BillingMode::kPayPerRequest : BillingMode::kProvisioned;
  }
  request.stream = TRY(read_stream_specification(
      input, "If stream is being enabled then UpdateViewType is required",
      "If stream is being disabled, then UpdateViewType must not be specified"));
  request.deletion_protection = optional_boolean(input, "DeletionProtectionEnabled");
  if (auto table_class = optional_string(input, "TableClass")) request.table_class = *table_class;
  request.updates_indexes = json::member(input, "GlobalSecondaryIndexUpdates").has_value();
  if (request.empty()) {
    return validation_error(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
        "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
        "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, "
        "OnDemandThroughput, WarmThroughput or TableClass is required");
  }
  if (request.billing_mode == BillingMode::kProvisioned && !request.throughput) {
    return validation_error(fmt::format(
        "{}ProvisionedThroughput must be specified when BillingMode is PROVISIONED", kInvalid));
  }
  TRY(check_index_updates(input));
  TRY(check_alone(input, request));
  return request;
}

// A table that leaves on-demand needs units for each of its indexes.
Status check_all_indexes_provisioned(const catalog::Table& table, const IndexUpdates& updates) {
  std::vector<std::string_view> missing;
  for (const catalog::Index& index : table.indexes) {
    const bool updated =
        std::any_of(updates.updates.begin(), updates.updates.end(),
                    [&](const auto& update) { return update.index_name == index.name; });
    if (index.global && !updated) missing.push_back(index.name);
  }
  if (missing.empty()) return Done{};
  return validation_error(fmt::format("{}ProvisionedThroughput must be specified for index: {}",
                                      kInvalid, fmt::join(missing, ",")));
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
      for (catalog::Index& index : table.indexes) {
        index.throughput.read_capacity_units = index.throughput.write_capacity_units = 0;
      }
    }
  } else if (table.billing_mode != mode) {
    TRY(check_all_indexes_provisioned(table, request.indexes));
    set_throughput(table.throughput, *request.throughput, now_milliseconds);
  } else if (request.throughput) {
    TRY(change_throughput(table.throughput, *request.throughput, "table", now_milliseconds));
  }
  table.billing_mode = mode;
  return Done{};
}

class TableUpdate final : public TableChange {
 public:
  TableUpdate(Database& database, const catalog::Table& table, UpdateTableRequest request,
              Reply reply)
      : TableChange(database, table, std::move(reply)),
        database_(database),
        request_(std::move(request)) {}

 private:
  Status apply(LaneBatches batches, catalog::Table& table, catalog::Change& change) override {
    TRY(change_billing(table, request_, batches.front()->now_milliseconds()));
    if (request_.stream) TRY(change_stream(batches, table, change));
    if (request_.deletion_protection) table.deletion_protection = *request_.deletion_protection;
    if (request_.table_class) table.table_class = *request_.table_class;
    // The last: it adds to the batch, and nothing may fail behind that.
    return apply_index_updates(request_.indexes, database_.catalog, batches, table,
                               removed_indexes_);
  }

  std::string response(const catalog::Table& table) override {
    catalog::Table shown = table;
    shown.indexes.insert(shown.indexes.end(), removed_indexes_.begin(), removed_indexes_.end());
    return table_response("TableDescription", database_.catalog.site(), shown,
                          statistics_of(database_, table), "UPDATING");
  }

  Status change_stream(LaneBatches batches, catalog::Table& table, catalog::Change& change) {
    const bool enabled = table.stream_enabled();
    if (request_.stream->enabled && enabled) {
      return validation_error("Table already has an enabled stream: TableName: " + table.name);
    }
    if (!request_.stream->enabled && !enabled) {
      return validation_error("Table has no stream to disable: TableName: " + table.name);
    }
    const int64_t now_milliseconds = batches.front()->now_milliseconds();
    if (request_.stream->enabled) {
      const auto previous = latest_stream_of_name(database_.catalog, table.name);
      table.latest_stream = std::make_shared<const catalog::Stream>(
          streams::begin_stream(table, request_.stream->view_type, log_ends(batches),
                                previous.get(), now_milliseconds, database_.random));
    } else {
      table.latest_stream = std::make_shared<const catalog::Stream>(
          streams::end_stream(*table.latest_stream, log_ends(batches), now_milliseconds));
    }
    change.streams.push_back(table.latest_stream);
    return Done{};
  }

  Database& database_;
  const UpdateTableRequest request_;
  std::vector<catalog::Index> removed_indexes_;
};

}  // namespace

void update_table(const Call& call, Reply reply) {
  auto request = read_update_table(call.input);
  if (!request.ok()) return reply(std::move(request).error());
  auto table = find_table_by_name(call);
  if (!table.ok()) return reply(std::move(table).error());
  auto indexes = read_index_updates(call.input, **table,
                                    request->billing_mode.value_or((*table)->billing_mode));
  if (!indexes.ok()) return reply(std::move(indexes).error());
  request->indexes = std::move(*indexes);
  call.database.joint_writes.submit(
      std::make_unique<TableUpdate>(call.database, **table, std::move(*request), std::move(reply)));
}

}  // namespace millrace::ops
