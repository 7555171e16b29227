// Statements over the index, well meant and hostile.
#include <gmock/gmock.h>

#include "audit/query/query_service_testing.h"

namespace millrace::audit::query {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

class QueriesTest : public testing::Test {
 protected:
  QueriesTest() {
    service_.record("CreateTable");
    Event put = service_.event("PutItem", Category::kData);
    put.request_parameters_json = R"({"tableName":"Music","key":{"Artist":"a","Track":"1"}})";
    service_.record(put);
    Event get = service_.event("GetItem", Category::kData);
    get.read_only = true;
    get.error_code = "AccessDeniedException";
    get.error_message = "no";
    service_.record(get);
  }
  std::string rows(const std::string& statement) { return service_.rows(statement); }

  TestService service_;
};

TEST_F(QueriesTest, RowsAreNamedTexts) {
  EXPECT_EQ(rows("SELECT eventName, userIdentity.userName, readOnly, errorCode "
                 "ORDER BY eventTime DESC LIMIT 1"),
            R"([[{"eventName":"GetItem"},{"userName":"AKIDALICE"},{"readOnly":"true"},)"
            R"({"errorCode":"AccessDeniedException"}]])");
  EXPECT_EQ(rows("SELECT errorCode FROM events WHERE eventName = 'PutItem'"),
            R"([[{"errorCode":null}]])");
  EXPECT_EQ(rows("SELECT eventTime FROM events WHERE eventName = 'CreateTable'"),
            R"([[{"eventTime":"2026-11-18 11:06:41"}]])");
}

TEST_F(QueriesTest, WhatStatementsCanDo) {
  EXPECT_EQ(rows("SELECT requestParameters.tableName AS t FROM events WHERE eventName='PutItem'"),
            R"([[{"t":"Music"}]])");
  EXPECT_EQ(rows("SELECT element_at(requestParameters, 'tableName') AS t FROM events "
                 "WHERE element_at(requestParameters, 'tableName') IS NOT NULL"),
            R"([[{"t":"Music"}]])");
  EXPECT_EQ(rows("SELECT requestParameters.key.Artist FROM events e WHERE "
                 "e.requestParameters.key.Track = '1'"),
            R"([[{"Artist":"a"}]])");
  EXPECT_EQ(rows("SELECT count(*) AS n FROM events WHERE eventTime >= '2026-11-18 11:06:42'"),
            R"([[{"n":"2"}]])");
  EXPECT_EQ(rows("SELECT eventCategory, count(*) AS n FROM events GROUP BY 1 ORDER BY n"),
            R"([[{"eventCategory":"Management"},{"n":"1"}],[{"eventCategory":"Data"},{"n":"2"}]])");
  EXPECT_EQ(rows("WITH d AS (SELECT * FROM events WHERE managementEvent = false) "
                 "SELECT count(*) AS n FROM d"),
            R"([[{"n":"2"}]])");
  EXPECT_EQ(rows("SELECT eventName FROM events WHERE regexp_like(eventName, '^P.*m$')"),
            R"([[{"eventName":"PutItem"}]])");
  EXPECT_EQ(rows("SELECT eventName FROM events WHERE eventName LIKE 'put%'"), "[]");
  EXPECT_EQ(rows("SELECT DISTINCT r.value ->> 'ARN' AS arn FROM events, json_each(resources) r"),
            R"([[{"arn":"arn:aws:dynamodb:us-east-1:000000000000:table/Music"}]])");
}

TEST_F(QueriesTest, OnlyEventsCanBeRead) {
  EXPECT_THAT(rows("SELECT * FROM event"), HasSubstr("no such table"));
  EXPECT_THAT(rows("SELECT * FROM main.event"), HasSubstr("no such table"));
  EXPECT_THAT(rows("SELECT * FROM state"), HasSubstr("no such table"));
  EXPECT_THAT(rows("SELECT * FROM sqlite_master"), HasSubstr("no such table"));
  EXPECT_THAT(rows("SELECT * FROM pragma_database_list"), HasSubstr("not valid"));
  EXPECT_THAT(rows("SELECT * FROM dbstat"), HasSubstr("not valid"));
  EXPECT_THAT(rows("SELECT load_extension('x')"), HasSubstr("not valid"));
  EXPECT_THAT(rows("SELECT readfile('/etc/passwd')"), HasSubstr("no such function"));
  EXPECT_THAT(rows("SELECT randomblob(10)"), HasSubstr("no such function"));
  EXPECT_THAT(rows("SELECT sqlite_version()"), HasSubstr("no such function"));
  EXPECT_THAT(rows("WITH x AS (SELECT 1) DELETE FROM events"), HasSubstr("not valid"));
  EXPECT_THAT(rows("WITH x AS (SELECT 1) INSERT INTO state VALUES('next', 0)"),
              HasSubstr("not valid"));
  EXPECT_THAT(rows("SELECT \"no such name\" FROM events"), HasSubstr("no such column"));
  EXPECT_THAT(rows("SELECT FROM WHERE"), HasSubstr("syntax error"));
  EXPECT_THAT(rows("SELECT 1 FROM 0123abcd-0000-4000-8000-00000000000f"),
              HasSubstr("no event data store"));
  // It has all been to no effect.
  EXPECT_EQ(rows("SELECT count(*) AS n"), R"([[{"n":"3"}]])");
}

TEST_F(QueriesTest, WhatWouldNotEndIsRefused) {
  EXPECT_THAT(rows("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
                   "SELECT x FROM c"),
              HasSubstr("recursive"));
  EXPECT_THAT(rows("WITH c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c"),
              HasSubstr("recursive"));
  EXPECT_THAT(rows("SELECT replace(printf('%300000d', 1), ' ', '0123456789')"),
              HasSubstr("too big"));
  std::string nested = "SELECT 1";
  for (int i = 0; i < 2000; ++i) nested += "+(1";
  nested += std::string(2000, ')');
  EXPECT_THAT(rows(nested), HasSubstr("not valid"));
}

TEST(QueryBoundsTest, AStatementEndsAtItsTime) {
  TestService service({.query_seconds = 1});
  for (int i = 0; i < 200; ++i) service.record("CreateTable");
  EXPECT_EQ(service.rows("SELECT count(*) FROM events a, events b, events c, events d, events e"),
            "TIMED_OUT");
}

TEST(QueryBoundsTest, MemoryIsBounded) {
  TestService service;
  for (int i = 0; i < 200; ++i) service.record("CreateTable");
  // Eight million rows of more than a hundred bytes, all to be sorted.
  EXPECT_THAT(service.rows("SELECT a.eventID || a.userIdentity AS x FROM events a, events b, "
                           "events c ORDER BY x, random_is_no_function LIMIT 1"),
              HasSubstr("no such column"));
  EXPECT_THAT(service.rows("SELECT a.eventID || a.userIdentity || b.userIdentity AS x "
                           "FROM events a, events b, events c ORDER BY x DESC, b.eventID"),
              AnyOf(HasSubstr("memory"), HasSubstr("rows")));
}

TEST(QueryBoundsTest, ResultsAreBounded) {
  TestService service;
  for (int i = 0; i < 400; ++i) service.record("CreateTable");
  EXPECT_THAT(service.rows("SELECT 1 FROM events a, events b"), HasSubstr("more than 100000 rows"));
}

TEST_F(QueriesTest, ResultsArePaged) {
  const auto started = service_.call(
      "StartQuery", R"({"QueryStatement":"SELECT eventName FROM events ORDER BY eventTime"})");
  ASSERT_TRUE(started.ok());
  static_cast<void>(service_.results_of(*started));
  std::string request = *started;
  request.insert(request.size() - 1, R"(,"MaxQueryResults":2)");
  const std::string first = service_.call("GetQueryResults", request).value();
  EXPECT_THAT(first, HasSubstr(R"([[{"eventName":"CreateTable"}],[{"eventName":"PutItem"}]])"));
  EXPECT_THAT(first, HasSubstr(R"("ResultsCount":2,"TotalResultsCount":3)"));
  const std::string token = service_.text("GetQueryResults", request, "NextToken");
  request.insert(request.size() - 1, R"(,"NextToken":")" + token + '"');
  const std::string second = service_.call("GetQueryResults", request).value();
  EXPECT_THAT(second, HasSubstr(R"("QueryResultRows":[[{"eventName":"GetItem"}]])"));
  EXPECT_EQ(second.find("NextToken"), std::string::npos);

  std::string bad = *started;
  bad.insert(bad.size() - 1, R"(,"NextToken":"AAAAAAAA")");
  EXPECT_EQ(service_.text("GetQueryResults", bad, ""), "InvalidNextTokenException");
  bad = *started;
  bad.insert(bad.size() - 1, R"(,"MaxQueryResults":1001)");
  EXPECT_EQ(service_.text("GetQueryResults", bad, ""), "InvalidMaxResultsException");
}

TEST_F(QueriesTest, AQueryIsDescribedListedAndCancelled) {
  const auto started = service_.call(
      "StartQuery", R"({"QueryStatement":"SELECT count(*) FROM events a, events b, events c"})");
  ASSERT_TRUE(started.ok());
  static_cast<void>(service_.results_of(*started));
  EXPECT_EQ(service_.text("DescribeQuery", *started, "QueryStatus"), "FINISHED");
  EXPECT_EQ(service_.text("DescribeQuery", *started, "QueryString"),
            "SELECT count(*) FROM events a, events b, events c");
  EXPECT_EQ(service_.text("CancelQuery", *started, ""), "InactiveQueryException");
  EXPECT_EQ(
      service_.text("CancelQuery", R"({"QueryId":"01234567-0000-0000-0000-000000000000"})", ""),
      "QueryIdNotFoundException");
  EXPECT_EQ(service_.text("DescribeQuery", "{}", ""), "InvalidParameterException");
  EXPECT_EQ(service_
                .texts(service_.call("ListQueries", R"({"EventDataStore":"events"})"), "Queries",
                       "QueryStatus")
                .size(),
            1u);
  EXPECT_TRUE(service_
                  .texts(service_.call("ListQueries",
                                       R"({"EventDataStore":"events","QueryStatus":"FAILED"})"),
                         "Queries", "QueryStatus")
                  .empty());
}

TEST(QueryBoundsTest, NoMoreThanTenAtATime) {
  TestService service({.query_seconds = 2});
  for (int i = 0; i < 300; ++i) service.record("CreateTable");
  const std::string slow =
      R"({"QueryStatement":"SELECT count(*) FROM events a, events b, events c, events d"})";
  std::vector<std::string> started;
  std::string refused;
  for (int i = 0; i < 11; ++i) {
    const auto answer = service.call("StartQuery", slow);
    if (answer.ok()) {
      started.push_back(*answer);
    } else {
      refused = error_name(answer.error().code);
    }
  }
  EXPECT_EQ(started.size(), 10u);
  EXPECT_EQ(refused, "MaxConcurrentQueriesException");
  for (const std::string& one : started) {
    EXPECT_EQ(service.text("CancelQuery", one, "QueryStatus"), "CANCELLED");
  }
  for (const std::string& one : started) {
    EXPECT_THAT(service.results_of(one), HasSubstr(R"("QueryStatus":"CANCELLED")"));
  }
}

}  // namespace
}  // namespace millrace::audit::query
