#include "cli/bench/workload.h"

#include <set>

#include <gtest/gtest.h>

#include "json/attribute_value.h"
#include "json/document.h"
#include "model/item_size.h"

namespace millrace::cli::bench {
namespace {

BenchOptions options_of(Workload workload, uint64_t requests) {
  BenchOptions options;
  options.workload = workload;
  options.requests = requests;
  options.items = 5;
  return options;
}

// How often each operation comes.
std::map<std::string_view, int> operations_of(const BenchOptions& options) {
  std::atomic<uint64_t> counter = 0;
  WorkloadExchange exchange(options, 1, {}, counter);
  std::map<std::string_view, int> operations;
  Call call;
  while (exchange.next({}, call)) ++operations[call.operation];
  return operations;
}

TEST(ItemCalls, PutsItemsOfTheSizeAskedFor) {
  for (size_t bytes : {ItemCalls::kItemBytesMin, size_t{1024}, kItemBytesMax, size_t{100}}) {
    BenchOptions options;
    options.table = std::string("table");
    options.item_bytes = bytes;
    options.index = bytes == 100 || bytes == ItemCalls::kItemBytesMin;
    options.workload = options.index ? Workload::kQuery : Workload::kPut;
    ItemCalls calls(options, 1);
    Call call;
    calls.put(4, call);
    Result<json::Document> document = json::Document::parse(call.body);
    ASSERT_TRUE(document.ok());
    Result<AttributeMap> item = json::read_attribute_map(document->root()["Item"].value());
    ASSERT_TRUE(item.ok());
    EXPECT_EQ(item_size_bytes(*item), bytes);
    const std::string id = options.index ? "item-000000000000" : "item-000000000004";
    EXPECT_EQ((*item)["id"], AttributeValue(id));
  }
}

TEST(ItemCalls, ChangesTheItemWithEveryPut) {
  BenchOptions options;
  options.table = std::string("table");
  ItemCalls calls(options, 1);
  Call first;
  Call second;
  calls.put(4, first);
  calls.put(4, second);
  EXPECT_NE(first.body, second.body);
}

TEST(ItemCalls, CountsWithoutAPayloadAndPutsUnderACondition) {
  BenchOptions options;
  options.table = std::string("table");
  ItemCalls calls(options, 1);
  Call call;
  calls.counter(4, call);
  EXPECT_EQ(call.body, R"({"TableName":"table","Key":{"id":{"S":"item-000000000004"}},)"
                       R"("UpdateExpression":"ADD revision :one",)"
                       R"("ExpressionAttributeValues":{":one":{"N":"1"}}})");
  calls.conditional_put(4, call);
  EXPECT_TRUE(call.body.starts_with(
      R"({"TableName":"table","Item":{"id":{"S":"item-000000000004"},"payload":{"S":")"));
  EXPECT_TRUE(call.body.ends_with(R"j("}},"ConditionExpression":"attribute_exists(id)"})j"));
}

TEST(WorkloadExchange, GetsAHundredDistinctItemsInABatch) {
  BenchOptions options = options_of(Workload::kBatchGet, 5);
  options.items = 120;
  options.table = std::string("table");
  std::atomic<uint64_t> counter = 0;
  WorkloadExchange exchange(options, 1, {}, counter);
  Call call;
  while (exchange.next({}, call)) {
    Result<json::Document> document = json::Document::parse(call.body);
    ASSERT_TRUE(document.ok());
    std::set<std::string> keys;
    const json::Array gets = document->root()["RequestItems"]["table"]["Keys"].get_array().value();
    for (const json::Element key : gets) {
      keys.emplace(std::string_view(key["id"]["S"]));
    }
    EXPECT_EQ(keys.size(), 100U);
  }
}

TEST(LoadExchange, PutsEveryItemOnceAmongAll) {
  BenchOptions options;
  options.items = 63;
  std::atomic<uint64_t> counter = 0;
  LoadExchange one(options, 1, counter);
  LoadExchange other(options, 2, counter);
  std::set<std::string> keys;
  Call call;
  for (int i = 0; i < 10; ++i) {
    if (!(i % 2 == 0 ? one : other).next({}, call)) continue;
    EXPECT_EQ(call.operation, "BatchWriteItem");
    for (size_t at = call.body.find("item-"); at != std::string::npos;
         at = call.body.find("item-", at + 1)) {
      EXPECT_TRUE(keys.insert(call.body.substr(at, 17)).second);
    }
  }
  EXPECT_EQ(keys.size(), 63U);
  EXPECT_EQ(*keys.rbegin(), "item-000000000062");
}

TEST(WorkloadExchange, CallsWhatTheWorkloadSays) {
  using Operations = std::map<std::string_view, int>;
  EXPECT_EQ(operations_of(options_of(Workload::kGet, 9)), (Operations{{"GetItem", 9}}));
  EXPECT_EQ(operations_of(options_of(Workload::kPut, 9)), (Operations{{"PutItem", 9}}));
  EXPECT_EQ(operations_of(options_of(Workload::kUpdate, 9)), (Operations{{"UpdateItem", 9}}));
  EXPECT_EQ(operations_of(options_of(Workload::kCounter, 9)), (Operations{{"UpdateItem", 9}}));
  EXPECT_EQ(operations_of(options_of(Workload::kConditional, 9)), (Operations{{"PutItem", 9}}));
  EXPECT_EQ(operations_of(options_of(Workload::kBatchGet, 9)), (Operations{{"BatchGetItem", 9}}));
  Operations mixed = operations_of(options_of(Workload::kMixed, 4'000));
  EXPECT_NEAR(mixed["GetItem"], 2'000, 200);
  EXPECT_NEAR(mixed["PutItem"], 1'000, 200);
  EXPECT_NEAR(mixed["UpdateItem"], 1'000, 200);
}

TEST(WorkloadExchange, TransactsFourDistinctItemsUnderFreshTokens) {
  BenchOptions options = options_of(Workload::kTransact, 20);
  std::atomic<uint64_t> counter = 0;
  WorkloadExchange exchange(options, 1, {}, counter);
  std::set<std::string> tokens;
  Call call;
  while (exchange.next({}, call)) {
    EXPECT_EQ(call.operation, "TransactWriteItems");
    Result<json::Document> document = json::Document::parse(call.body);
    ASSERT_TRUE(document.ok());
    tokens.emplace(std::string_view(document->root()["ClientRequestToken"]));
    std::set<std::string> keys;
    const json::Array actions = document->root()["TransactItems"].get_array().value();
    for (const json::Element action : actions) {
      keys.emplace(std::string_view(action["Put"]["Item"]["id"]["S"]));
    }
    EXPECT_EQ(keys.size(), 4U);
  }
  EXPECT_EQ(tokens.size(), 20U);
}

TEST(WorkloadExchange, EndsAtTheDeadline) {
  BenchOptions options;
  std::atomic<uint64_t> counter = 0;
  const SteadyTime deadline{std::chrono::seconds(10)};
  WorkloadExchange exchange(options, 1, deadline, counter);
  Call call;
  EXPECT_TRUE(exchange.next(deadline - std::chrono::nanoseconds(1), call));
  EXPECT_FALSE(exchange.next(deadline, call));
}

}  // namespace
}  // namespace millrace::cli::bench
