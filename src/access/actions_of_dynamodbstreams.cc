#include <array>

#include "access/action_row.h"
#include "access/operation_names.h"
#include "access/table_resources.h"
#include "ops/input.h"

namespace millrace::access {
namespace {

Status ask_streams(Inquiry& inquiry) {
  const auto name = ops::optional_string(inquiry.input(), "TableName");
  if (!name) return inquiry.ask(kAnything);
  const TableResource table(inquiry.site(), *name);
  if (table.table_name().empty()) return inquiry.ask(table.arn());
  ArnText arn(inquiry.site(), "dynamodb");
  arn.add("table/").add(table.table_name()).add("/stream/*");
  return inquiry.ask(arn.view());
}

constexpr auto kRows = std::to_array<Action>({
    row("dynamodb:DescribeStream", ask_stream),
    row("dynamodb:GetRecords", ask_stream_of_iterator),
    row("dynamodb:GetShardIterator", ask_stream),
    row("dynamodb:ListStreams", ask_streams),
});
static_assert(are_rows_of(kRows, kDynamodbstreamsOperations),
              "an operation of the model of dynamodbstreams has no row, or a row no operation");

}  // namespace

std::span<const Action> dynamodbstreams_actions() {
  return kRows;
}

}  // namespace millrace::access
