#include "cli/bench/tally.h"

#include <gtest/gtest.h>

namespace millrace::cli::bench {
namespace {

using std::chrono::nanoseconds;

const Call kGet{"GetItem", "{}"};
const Call kPut{"PutItem", "{}"};
const Call kBatch{"BatchWriteItem", "{}"};
const Call kBatchGet{"BatchGetItem", "{}"};
const Call kQuery{"Query", "{}"};

TEST(Tally, NamesFailures) {
  EXPECT_EQ(failure_of(kPut, {.status = 200, .body = "{}"}), "");
  EXPECT_EQ(failure_of(kGet, {.status = 200, .body = R"({"Item":{"id":{"S":"1"}}})"}), "");
  EXPECT_EQ(failure_of(kGet, {.status = 200, .body = "{}"}), "NoItem");
  EXPECT_EQ(failure_of(kBatch, {.status = 200, .body = R"({"UnprocessedItems":{"t":[]}})"}),
            "UnprocessedItems");
  EXPECT_EQ(failure_of(kBatch, {.status = 200, .body = R"({"UnprocessedItems":{}})"}), "");
  EXPECT_EQ(failure_of(kBatchGet, {.status = 200, .body = R"({"UnprocessedKeys":{"t":[]}})"}),
            "UnprocessedKeys");
  EXPECT_EQ(failure_of(kBatchGet, {.status = 200, .body = R"({"UnprocessedKeys":{}})"}), "");
  EXPECT_EQ(failure_of(kQuery, {.status = 200, .body = R"({"Count":0,"Items":[]})"}), "NoItem");
  EXPECT_EQ(failure_of(kQuery, {.status = 200, .body = R"({"Count":1,"Items":[{}]})"}), "");
  EXPECT_EQ(failure_of(kPut, {.status = 400,
                              .body = R"({"__type":"com.amazonaws.dynamodb.v20120810#)"
                                      R"(ResourceNotFoundException","message":"x"})"}),
            "ResourceNotFoundException");
  EXPECT_EQ(failure_of(kPut, {.status = 500, .body = R"({"__type":"InternalServerError"})"}),
            "InternalServerError");
  EXPECT_EQ(failure_of(kPut, {.status = 503, .body = "<html>"}), "HTTP 503");
  EXPECT_EQ(failure_of(kPut, {.status = 413, .body = "[1]"}), "HTTP 413");
  EXPECT_EQ(failure_of(kPut, {.failure = "Timeout"}), "Timeout");
}

TEST(Tally, CountsLatenciesOfSuccessesAndFailuresByName) {
  Tally tally;
  tally.add(kPut, {.status = 200, .body = "{}"}, nanoseconds(5));
  tally.add(kPut, {.failure = "Timeout"}, nanoseconds(50));
  Tally other;
  other.add(kGet, {.status = 200, .body = "{}"}, nanoseconds(1));
  other.add(kPut, {.failure = "Timeout"}, nanoseconds(50));
  tally.merge(other);
  EXPECT_EQ(tally.latencies.count(), 1U);
  EXPECT_EQ(tally.latencies.max(), nanoseconds(5));
  EXPECT_EQ(tally.error_counts, (std::map<std::string, uint64_t>{{"NoItem", 1}, {"Timeout", 2}}));
  EXPECT_EQ(tally.errors(), 3U);
}

}  // namespace
}  // namespace millrace::cli::bench
