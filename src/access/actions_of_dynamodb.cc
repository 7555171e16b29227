#include <array>

#include "access/action_row.h"
#include "access/item_batches.h"
#include "access/operation_names.h"
#include "access/table_resources.h"
#include "ops/input.h"

namespace millrace::access {
namespace {

Status ask_create_table(Inquiry& inquiry) {
  const json::Object input = inquiry.input();
  const TableResource table(inquiry.site(), ops::optional_string(input, "TableName").value_or(""));
  TRY(inquiry.ask(table.arn()));
  if (!ops::objects_of(input, "Tags").empty()) {
    TRY(inquiry.ask_for("dynamodb:TagResource", table.arn(), {}));
  }
  if (json::member(input, "ResourcePolicy")) {
    TRY(inquiry.ask_for("dynamodb:PutResourcePolicy", table.arn(), {}));
  }
  return Done{};
}

// A list of tables is one of all tables.
Status ask_all_tables(Inquiry& inquiry) {
  return inquiry.ask(ArnText(inquiry.site(), "dynamodb").add("table/*").view());
}

Status ask_index_or_table(Inquiry& inquiry) {
  const json::Object input = inquiry.input();
  const TableResource source(inquiry.site(), ops::optional_string(input, "TableName").value_or(""),
                             ops::optional_string(input, "IndexName").value_or(""));
  return inquiry.ask(source.arn(), {.table_name = source.table_name()});
}

template <const char* member>
Status ask_arn(Inquiry& inquiry) {
  const auto arn = ops::optional_string(inquiry.input(), member);
  return inquiry.ask(arn ? StreamResource(inquiry.site(), *arn).arn() : kAnything);
}
constexpr char kBackupArn[] = "BackupArn";
constexpr char kExportArn[] = "ExportArn";
constexpr char kImportArn[] = "ImportArn";

template <const char* member>
Status ask_table_of(Inquiry& inquiry) {
  const TableResource table(inquiry.site(),
                            ops::optional_string(inquiry.input(), member).value_or(""));
  return inquiry.ask(table.arn(), {.table_name = table.table_name()});
}
constexpr char kTableArn[] = "TableArn";

Status ask_imported_table(Inquiry& inquiry) {
  const auto parameters = ops::optional_object(inquiry.input(), "TableCreationParameters");
  const auto name = parameters ? ops::optional_string(*parameters, "TableName") : std::nullopt;
  return inquiry.ask(TableResource(inquiry.site(), name.value_or("")).arn());
}

Status ask_global_table(Inquiry& inquiry) {
  const auto name = ops::optional_string(inquiry.input(), "GlobalTableName");
  if (!name) return inquiry.ask(kAnything);
  ArnText arn = ArnText::without_region(inquiry.site(), "dynamodb");
  return inquiry.ask(arn.add("global-table/").add(*name).view());
}

// What is restored is written as a table's items are.
Status ask_restored_table(Inquiry& inquiry) {
  const TableResource target(inquiry.site(),
                             ops::optional_string(inquiry.input(), "TargetTableName").value_or(""));
  TRY(inquiry.ask(target.arn()));
  for (const std::string_view permission :
       {"dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem",
        "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"}) {
    TRY(inquiry.ask_for(permission, target.arn(), {}));
  }
  return Done{};
}

Status ask_restore_from_backup(Inquiry& inquiry) {
  TRY(ask_arn<kBackupArn>(inquiry));
  return ask_restored_table(inquiry);
}

Status ask_restore_to_point_in_time(Inquiry& inquiry) {
  const json::Object input = inquiry.input();
  const auto arn = ops::optional_string(input, "SourceTableArn");
  const auto name = arn ? arn : ops::optional_string(input, "SourceTableName");
  const TableResource source(inquiry.site(), name.value_or(""));
  TRY(inquiry.ask(source.arn(), {.table_name = source.table_name()}));
  return ask_restored_table(inquiry);
}

// An operation whose permissions are those of its parts.
constexpr Action row_of_parts(std::string_view operation, Ask ask) {
  return {operation, "dynamodb", {}, ask};
}

constexpr auto kRows = std::to_array<Action>({
    row_of_parts("BatchExecuteStatement", ask_batch_statements),
    row("dynamodb:BatchGetItem", ask_batch_get),
    row("dynamodb:BatchWriteItem", ask_batch_write),
    row("dynamodb:CreateBackup", ask_table),
    row("dynamodb:CreateGlobalTable", ask_global_table),
    row("dynamodb:CreateTable", ask_create_table),
    row("dynamodb:DeleteBackup", ask_arn<kBackupArn>),
    row("dynamodb:DeleteItem", ask_items),
    row("dynamodb:DeleteResourcePolicy", ask_resource_arn),
    row("dynamodb:DeleteTable", ask_table),
    row("dynamodb:DescribeBackup", ask_arn<kBackupArn>),
    row("dynamodb:DescribeContinuousBackups", ask_table),
    row("dynamodb:DescribeContributorInsights", ask_index_or_table),
    row("dynamodb:DescribeEndpoints", ask_anything),
    row("dynamodb:DescribeExport", ask_arn<kExportArn>),
    row("dynamodb:DescribeGlobalTable", ask_global_table),
    row("dynamodb:DescribeGlobalTableSettings", ask_global_table),
    row("dynamodb:DescribeImport", ask_arn<kImportArn>),
    row("dynamodb:DescribeKinesisStreamingDestination", ask_table),
    row("dynamodb:DescribeLimits", ask_anything),
    row("dynamodb:DescribeTable", ask_table),
    row("dynamodb:DescribeTableReplicaAutoScaling", ask_table),
    row("dynamodb:DescribeTimeToLive", ask_table),
    row("dynamodb:DisableKinesisStreamingDestination", ask_table),
    row("dynamodb:EnableKinesisStreamingDestination", ask_table),
    row_of_parts("ExecuteStatement", ask_statement),
    row_of_parts("ExecuteTransaction", ask_transact_statements),
    row("dynamodb:ExportTableToPointInTime", ask_table_of<kTableArn>),
    row("dynamodb:GetItem", ask_items),
    row("dynamodb:GetResourcePolicy", ask_resource_arn),
    row("dynamodb:ImportTable", ask_imported_table),
    row("dynamodb:ListBackups", ask_anything),
    row("dynamodb:ListContributorInsights", ask_anything),
    row("dynamodb:ListExports", ask_anything),
    row("dynamodb:ListGlobalTables", ask_anything),
    row("dynamodb:ListImports", ask_anything),
    row("dynamodb:ListTables", ask_all_tables),
    row("dynamodb:ListTagsOfResource", ask_resource_arn),
    row("dynamodb:PutItem", ask_items),
    row("dynamodb:PutResourcePolicy", ask_resource_arn),
    row("dynamodb:Query", ask_items_of_source),
    row("dynamodb:RestoreTableFromBackup", ask_restore_from_backup),
    row("dynamodb:RestoreTableToPointInTime", ask_restore_to_point_in_time),
    row("dynamodb:Scan", ask_items_of_source),
    row("dynamodb:TagResource", ask_resource_arn),
    row_of_parts("TransactGetItems", ask_transaction),
    row_of_parts("TransactWriteItems", ask_transaction),
    row("dynamodb:UntagResource", ask_resource_arn),
    row("dynamodb:UpdateContinuousBackups", ask_table),
    row("dynamodb:UpdateContributorInsights", ask_index_or_table),
    row("dynamodb:UpdateGlobalTable", ask_global_table),
    row("dynamodb:UpdateGlobalTableSettings", ask_global_table),
    row("dynamodb:UpdateItem", ask_items),
    row("dynamodb:UpdateKinesisStreamingDestination", ask_table),
    row("dynamodb:UpdateTable", ask_table),
    row("dynamodb:UpdateTableReplicaAutoScaling", ask_table),
    row("dynamodb:UpdateTimeToLive", ask_table),
});
static_assert(are_rows_of(kRows, kDynamodbOperations),
              "an operation of the model of dynamodb has no row, or a row no operation");

}  // namespace

std::span<const Action> dynamodb_actions() {
  return kRows;
}

}  // namespace millrace::access
