// The index and what reads it: the history, items, and what is left after a restart.
#include <fstream>

#include <gmock/gmock.h>

#include "audit/query/query_service_testing.h"

namespace millrace::audit::query {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> names(TestService& service, const std::string& input) {
  return service.texts(service.call("LookupEvents", input), "Events", "EventName");
}

TEST(LookupEvents, ManagementEventsNewestFirst) {
  TestService service;
  EXPECT_THAT(names(service, "{}"), IsEmpty());
  service.record("CreateTable");
  service.record("PutItem", Category::kData);
  service.record("DeleteTable");
  EXPECT_THAT(names(service, "{}"), ElementsAre("DeleteTable", "CreateTable"));
  EXPECT_THAT(names(service, R"({"EventCategory":"insight"})"), IsEmpty());

  const std::string answer = service.call("LookupEvents", R"({"MaxResults":1})").value();
  EXPECT_THAT(answer, HasSubstr(R"("EventId":"event-3","EventName":"DeleteTable")"));
  EXPECT_THAT(answer, HasSubstr(R"("ReadOnly":"false","AccessKeyId":"AKIDALICE")"));
  EXPECT_THAT(answer, HasSubstr(R"("EventSource":"dynamodb.amazonaws.com")"));
  EXPECT_THAT(answer, HasSubstr(R"("Username":"AKIDALICE")"));
  EXPECT_THAT(answer,
              HasSubstr(R"([{"ResourceType":"AWS::DynamoDB::Table","ResourceName":"Music"}])"));
  EXPECT_THAT(answer, HasSubstr(R"(\"requestID\":\"request-3\")"));
}

TEST(LookupEvents, Attributes) {
  TestService service;
  service.record("CreateTable");
  Event list = service.event("ListTables", Category::kManagement);
  list.read_only = true;
  list.resources.clear();
  list.identity.access_key_id = "AKIDBOB";
  service.record(list);
  const auto by = [&](const std::string& key, const std::string& value) {
    return names(service, R"({"LookupAttributes":[{"AttributeKey":")" + key +
                              R"(","AttributeValue":")" + value + R"("}]})");
  };
  EXPECT_THAT(by("EventName", "ListTables"), ElementsAre("ListTables"));
  EXPECT_THAT(by("EventName", "listtables"), IsEmpty());
  EXPECT_THAT(by("EventId", "event-1"), ElementsAre("CreateTable"));
  EXPECT_THAT(by("ReadOnly", "true"), ElementsAre("ListTables"));
  EXPECT_THAT(by("ReadOnly", "false"), ElementsAre("CreateTable"));
  EXPECT_THAT(by("ReadOnly", "maybe"), ElementsAre("InvalidLookupAttributesException"));
  EXPECT_THAT(by("Username", "AKIDBOB"), ElementsAre("ListTables"));
  EXPECT_THAT(by("AccessKeyId", "AKIDALICE"), ElementsAre("CreateTable"));
  EXPECT_THAT(by("ResourceType", "AWS::DynamoDB::Table"), ElementsAre("CreateTable"));
  EXPECT_THAT(by("ResourceName", "Music"), ElementsAre("CreateTable"));
  EXPECT_THAT(by("ResourceName", "arn:aws:dynamodb:us-east-1:000000000000:table/Music"),
              ElementsAre("CreateTable"));
  EXPECT_THAT(by("ResourceName", "Mu"), IsEmpty());
  EXPECT_THAT(by("ResourceName", "M_sic"), IsEmpty());
  EXPECT_THAT(by("EventSource", "dynamodb.amazonaws.com"),
              ElementsAre("ListTables", "CreateTable"));
  EXPECT_THAT(names(service, R"({"LookupAttributes":[
                {"AttributeKey":"EventName","AttributeValue":"a"},
                {"AttributeKey":"EventId","AttributeValue":"b"}]})"),
              ElementsAre("InvalidLookupAttributesException"));
}

TEST(LookupEvents, PagesStayWhileEventsComeIn) {
  TestService service;
  for (const char* name : {"A", "B", "C", "D"}) service.record(name);
  EXPECT_THAT(names(service, R"({"MaxResults":2})"), ElementsAre("D", "C"));
  const std::string token = service.text("LookupEvents", R"({"MaxResults":2})", "NextToken");
  service.record("E");
  EXPECT_THAT(names(service, R"({"MaxResults":2,"NextToken":")" + token + R"("})"),
              ElementsAre("B", "A"));
  EXPECT_THAT(names(service, R"({"StartTime":1,"NextToken":")" + token + R"("})"),
              ElementsAre("InvalidNextTokenException"));
  EXPECT_THAT(names(service, R"({"NextToken":"what"})"), ElementsAre("InvalidNextTokenException"));
  EXPECT_THAT(names(service, R"({"MaxResults":51})"), ElementsAre("InvalidMaxResultsException"));
  EXPECT_THAT(names(service, R"({"MaxResults":0})"), ElementsAre("InvalidMaxResultsException"));
}

TEST(LookupEvents, Times) {
  TestService service;
  for (const char* name : {"A", "B", "C"}) service.record(name);
  const int64_t second = TestService::kNow / 1000 + 2;  // of B
  const auto at = [&](int64_t from, int64_t to) {
    return names(service, "{\"StartTime\":" + std::to_string(from) +
                              ",\"EndTime\":" + std::to_string(to) + "}");
  };
  EXPECT_THAT(at(second, second), ElementsAre("B"));
  EXPECT_THAT(at(0, second), ElementsAre("B", "A"));
  EXPECT_THAT(at(second, second + 100), ElementsAre("C", "B"));
  EXPECT_THAT(at(second, second - 1), ElementsAre("InvalidTimeRangeException"));
  service.clock().advance_microseconds(int64_t{91} * 24 * 3600 * 1'000'000);
  EXPECT_THAT(names(service, "{}"), IsEmpty());
}

TEST(Index, EveryEventIsInItOnceAfterRestarts) {
  TestService service;
  for (int i = 0; i < 5; ++i) {
    service.record("PutItem", Category::kData);
    if (i % 2 == 0) {
      EXPECT_EQ(service.rows("SELECT count(*) AS n"),
                "[[{\"n\":\"" + std::to_string(i + 1) + "\"}]]");
    }
    service.close();
    service.open();
  }
  EXPECT_EQ(service.rows("SELECT count(*) AS n, count(DISTINCT eventID) AS m"),
            R"([[{"n":"5"},{"m":"5"}]])");
}

TEST(Index, ADamagedFileIsMovedAsideAndBegunAnew) {
  TestService service;
  service.record("CreateTable");
  EXPECT_THAT(names(service, "{}"), ElementsAre("CreateTable"));
  service.close();
  std::ofstream(service.index_path(), std::ios::trunc) << std::string(100'000, 'x');
  service.open();
  EXPECT_TRUE(std::filesystem::exists(service.index_path() + ".damaged"));
  service.record("DeleteTable");
  EXPECT_THAT(names(service, "{}"), ElementsAre("DeleteTable"));
}

TEST(Index, WhatWasNotCommittedIsNotRemembered) {
  engine::TemporaryDirectory directory;
  TestTables tables;
  EventIndex index = EventIndex::open(directory.path() + "/index.db", tables.catalog()).value();
  Event event;
  event.sinks = {5};
  ASSERT_TRUE(index.begin().ok());
  ASSERT_TRUE(index.add(1, event).ok());
  ASSERT_TRUE(index.begin().ok());
  ASSERT_TRUE(index.add(1, event).ok());
  ASSERT_TRUE(index.commit(2).ok());
  Database reader =
      Database::open(directory.path() + "/index.db", Database::Mode::kReadOnly).value();
  EXPECT_EQ(reader
                .read_integer("SELECT count(*) FROM event WHERE sinks IN "
                              "(SELECT id FROM sink_set WHERE sinks = ' 5 ')")
                .value(),
            1);
}

TEST(Index, OldEventsGo) {
  engine::TemporaryDirectory directory;
  TestTables tables;
  EventIndex index = EventIndex::open(directory.path() + "/index.db", tables.catalog()).value();
  ASSERT_TRUE(index.begin().ok());
  Event event;
  event.event_name = "PutItem";
  event.request_parameters_json = R"({"tableName":"Music","key":{"Artist":"a","Track":"1"}})";
  for (EventNumber number = 1; number <= 10; ++number) {
    event.time_milliseconds = static_cast<int64_t>(number) * 24 * 3600 * 1000;
    event.category = number % 2 == 0 ? Category::kData : Category::kManagement;
    ASSERT_TRUE(index.add(number, event).ok());
  }
  ASSERT_TRUE(index.commit(11).ok());
  const int64_t now = int64_t{11} * 24 * 3600 * 1000;
  const auto count = [&](const std::string& condition) {
    Database reader =
        Database::open(directory.path() + "/index.db", Database::Mode::kReadOnly).value();
    return reader.read_integer("SELECT count(*) FROM event WHERE " + condition).value();
  };
  EXPECT_FALSE(index.trim_some({int64_t{1} << 30, 90}, now).value());
  EXPECT_TRUE(index.trim_some({int64_t{1} << 30, 7}, now).value());
  EXPECT_EQ(count("time < 345600000"), 0);
  EXPECT_EQ(count("1"), 7);
  // Data events go first.
  EXPECT_TRUE(index.trim_some({0, 90}, now).value());
  EXPECT_EQ(count("NOT management"), 0);
  EXPECT_EQ(count("management"), 3);
  EXPECT_TRUE(index.trim_some({0, 90}, now).value());
  EXPECT_EQ(count("1"), 0);
  EXPECT_FALSE(index.trim_some({0, 90}, now).value());
}

TEST(FindItemEvents, ThoseThatNameTheItemNewestFirst) {
  TestService service;
  const auto record = [&](const char* name, const char* parameters) {
    Event event = service.event(name, Category::kData);
    event.request_parameters_json = parameters;
    service.record(event);
  };
  record("PutItem", R"({"tableName":"Music","key":{"Artist":"a","Track":"1"}})");
  record("PutItem", R"({"tableName":"Music","key":{"Artist":"a","Track":"2"}})");
  record("TransactWriteItems",
         R"({"requestItems":[{"tableName":"Music","key":{"Artist":"b","Track":"9"}},
             {"tableName":"Music","key":{"Artist":"a","Track":"1"}}]})");
  record("ExecuteStatement",
         R"({"statement":"DELETE FROM Music WHERE Artist = 'a' AND Track = 1"})");
  const std::string key = R"("TableName":"Music","Key":{"Artist":{"S":"a"},"Track":{"N":"1.0"}})";
  const auto found = [&](const std::string& more) {
    return service.texts(service.call("FindItemEvents", "{" + key + more + "}"), "Events",
                         "EventName");
  };
  EXPECT_THAT(found(""), ElementsAre("ExecuteStatement", "TransactWriteItems", "PutItem"));
  EXPECT_THAT(found(R"(,"Limit":2)"), ElementsAre("ExecuteStatement", "TransactWriteItems"));
  const std::string token =
      service.text("FindItemEvents", "{" + key + R"(,"Limit":2})", "NextToken");
  EXPECT_THAT(found(R"(,"NextToken":")" + token + '"'), ElementsAre("PutItem"));
  const int64_t first = TestService::kNow / 1000 + 1;
  EXPECT_THAT(found(",\"EndTime\":" + std::to_string(first)), ElementsAre("PutItem"));
  EXPECT_THAT(found(",\"StartTime\":" + std::to_string(first + 3)),
              ElementsAre("ExecuteStatement"));
  EXPECT_THAT(found(",\"StartTime\":5,\"EndTime\":4"), ElementsAre("InvalidTimeRangeException"));
  EXPECT_THAT(found(R"(,"Limit":0)"), ElementsAre("InvalidMaxResultsException"));
  EXPECT_EQ(
      service.text("FindItemEvents", R"({"TableName":"Music","Key":{"Artist":{"S":"a"}}})", ""),
      "ValidationException");
  EXPECT_THAT(service.call("FindItemEvents", "{" + key + "}").value(),
              HasSubstr(R"("RequestId":"request-4","AccessKeyId":"AKIDALICE","PrincipalArn")"));
}

}  // namespace
}  // namespace millrace::audit::query
