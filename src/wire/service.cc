#include "wire/service.h"

#include <array>
#include <span>

#include "ops/batch_execute_statement.h"
#include "ops/batch_get_item.h"
#include "ops/batch_write_item.h"
#include "ops/create_table.h"
#include "ops/delete_item.h"
#include "ops/delete_resource_policy.h"
#include "ops/delete_table.h"
#include "ops/describe_endpoints.h"
#include "ops/describe_limits.h"
#include "ops/describe_stream.h"
#include "ops/describe_stream_statistics.h"
#include "ops/describe_table.h"
#include "ops/describe_time_to_live.h"
#include "ops/execute_statement.h"
#include "ops/execute_transaction.h"
#include "ops/get_item.h"
#include "ops/get_records.h"
#include "ops/get_resource_policy.h"
#include "ops/get_shard_iterator.h"
#include "ops/list_streams.h"
#include "ops/list_tables.h"
#include "ops/list_tags_of_resource.h"
#include "ops/put_item.h"
#include "ops/put_resource_policy.h"
#include "ops/query.h"
#include "ops/scan.h"
#include "ops/split_table.h"
#include "ops/tag_resource.h"
#include "ops/transact_get_items.h"
#include "ops/transact_write_items.h"
#include "ops/untag_resource.h"
#include "ops/update_item.h"
#include "ops/update_table.h"
#include "ops/update_time_to_live.h"

namespace millrace::wire {
namespace {

using ops::answer_at_once;

struct OperationRow {
  std::string_view name;   // as in X-Amz-Target
  std::string_view input;  // shape of the request, in the service's API model
  ops::Operation run;
};

constexpr auto kDynamoDb = std::to_array<OperationRow>({
    {"BatchExecuteStatement", "BatchExecuteStatementInput", ops::batch_execute_statement},
    {"BatchGetItem", "BatchGetItemInput", answer_at_once<ops::batch_get_item>},
    {"BatchWriteItem", "BatchWriteItemInput", ops::batch_write_item},
    {"CreateTable", "CreateTableInput", ops::create_table},
    {"DeleteItem", "DeleteItemInput", ops::delete_item},
    {"DeleteResourcePolicy", "DeleteResourcePolicyInput", ops::delete_resource_policy},
    {"DeleteTable", "DeleteTableInput", ops::delete_table},
    {"DescribeEndpoints", "DescribeEndpointsRequest", answer_at_once<ops::describe_endpoints>},
    {"DescribeLimits", "DescribeLimitsInput", answer_at_once<ops::describe_limits>},
    {"DescribeTable", "DescribeTableInput", answer_at_once<ops::describe_table>},
    {"DescribeTimeToLive", "DescribeTimeToLiveInput", answer_at_once<ops::describe_time_to_live>},
    {"ExecuteStatement", "ExecuteStatementInput", ops::execute_statement},
    {"ExecuteTransaction", "ExecuteTransactionInput", ops::execute_transaction},
    {"GetItem", "GetItemInput", answer_at_once<ops::get_item>},
    {"GetResourcePolicy", "GetResourcePolicyInput", answer_at_once<ops::get_resource_policy>},
    {"ListTables", "ListTablesInput", answer_at_once<ops::list_tables>},
    {"ListTagsOfResource", "ListTagsOfResourceInput", answer_at_once<ops::list_tags_of_resource>},
    {"PutItem", "PutItemInput", ops::put_item},
    {"PutResourcePolicy", "PutResourcePolicyInput", ops::put_resource_policy},
    {"Query", "QueryInput", answer_at_once<ops::query>},
    {"Scan", "ScanInput", answer_at_once<ops::scan>},
    {"TagResource", "TagResourceInput", ops::tag_resource},
    {"TransactGetItems", "TransactGetItemsInput", answer_at_once<ops::transact_get_items>},
    {"TransactWriteItems", "TransactWriteItemsInput", ops::transact_write_items},
    {"UntagResource", "UntagResourceInput", ops::untag_resource},
    {"UpdateItem", "UpdateItemInput", ops::update_item},
    {"UpdateTable", "UpdateTableInput", ops::update_table},
    {"UpdateTimeToLive", "UpdateTimeToLiveInput", ops::update_time_to_live},
});

constexpr auto kDynamoDbStreams = std::to_array<OperationRow>({
    {"DescribeStream", "DescribeStreamInput", answer_at_once<ops::describe_stream>},
    {"GetRecords", "GetRecordsInput", ops::get_records},
    {"GetShardIterator", "GetShardIteratorInput", answer_at_once<ops::get_shard_iterator>},
    {"ListStreams", "ListStreamsInput", answer_at_once<ops::list_streams>},
});

// Millrace's own.
constexpr auto kMillrace = std::to_array<OperationRow>({
    {"DescribeStreamStatistics", "DescribeStreamStatisticsInput",
     answer_at_once<ops::describe_stream_statistics>},
    {"GetStreamRecords", "GetStreamRecordsInput", ops::get_stream_records},
    {"SplitTable", "SplitTableInput", ops::split_table},
});

api::JsonService service_of(ops::Database& database, std::string target_prefix, std::string model,
                            std::span<const OperationRow> rows) {
  api::JsonService service{std::move(target_prefix), std::move(model), {}};
  for (const OperationRow& row : rows) {
    service.operations.push_back(
        {std::string(row.name), std::string(row.input),
         [&database, run = row.run](const api::Request& request, ops::Reply reply) {
           run({database, request.input, request.host, request.wait_milliseconds, request.observer,
                request.principal},
               std::move(reply));
         }});
  }
  return service;
}

}  // namespace

std::vector<api::JsonService> database_services(ops::Database& database) {
  return {service_of(database, "DynamoDB_20120810", "dynamodb", kDynamoDb),
          service_of(database, "DynamoDBStreams_20120810", "dynamodbstreams", kDynamoDbStreams),
          service_of(database, "Millrace_20261101", "millrace", kMillrace)};
}

}  // namespace millrace::wire
