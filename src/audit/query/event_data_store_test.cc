#include "audit/query/event_data_store.h"

#include <gmock/gmock.h>

#include "audit/query/query_service_testing.h"

namespace millrace::audit::query {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class EventDataStoreTest : public testing::Test {
 protected:
  std::string create(const std::string& name, const std::string& more = "") {
    return service_.text("CreateEventDataStore", R"({"Name":")" + name + '"' + more + "}",
                         "EventDataStoreArn");
  }
  std::string on(std::string_view operation, const std::string& arn,
                 std::string_view member = "Status", const std::string& more = "") {
    return service_.text(operation, R"({"EventDataStore":")" + arn + '"' + more + "}", member);
  }
  std::string status(const std::string& arn) { return on("GetEventDataStore", arn); }

  TestService service_;
};

TEST_F(EventDataStoreTest, TakesInWhatItsSelectorsSay) {
  const std::string arn = create("store");
  EXPECT_THAT(arn, HasSubstr("arn:aws:cloudtrail:us-east-1:000000000000:eventdatastore/"));
  EXPECT_EQ(status(arn), "ENABLED");
  const auto sinks = service_.coverage().all_sinks();
  ASSERT_EQ(sinks.size(), 1u);

  Event event = service_.event("CreateTable", Category::kManagement);
  event.sinks = sinks;
  service_.record(event);
  service_.record("DeleteTable");
  EXPECT_EQ(service_.rows("SELECT eventName FROM " + arn), R"([[{"eventName":"CreateTable"}]])");
  EXPECT_EQ(service_.rows("SELECT e.userIdentity.userName FROM \"" + arn + "\" e"),
            R"([[{"userName":"AKIDALICE"}]])");
  EXPECT_EQ(service_.rows("SELECT eventName", R"("EventDataStore":")" + arn + '"'),
            R"([[{"eventName":"CreateTable"}]])");
  EXPECT_EQ(service_
                .texts(service_.call("ListQueries", R"({"EventDataStore":")" + arn + "\"}"),
                       "Queries", "QueryStatus")
                .size(),
            3u);
}

TEST_F(EventDataStoreTest, StopsAndStarts) {
  const std::string arn = create("store");
  EXPECT_EQ(on("StartEventDataStoreIngestion", arn), "InvalidEventDataStoreStatusException");
  EXPECT_EQ(on("StopEventDataStoreIngestion", arn), "");
  EXPECT_EQ(status(arn), "STOPPED_INGESTION");
  EXPECT_THAT(service_.coverage().all_sinks(), IsEmpty());
  EXPECT_EQ(on("StopEventDataStoreIngestion", arn), "InvalidEventDataStoreStatusException");
  EXPECT_EQ(on("StartEventDataStoreIngestion", arn), "");
  EXPECT_EQ(service_.coverage().all_sinks().size(), 1u);
  EXPECT_EQ(status(create("other", R"(,"StartIngestion":false)")), "STOPPED_INGESTION");
}

TEST_F(EventDataStoreTest, IsDeletedAndRestored) {
  const std::string arn = create("store");
  EXPECT_EQ(on("DeleteEventDataStore", arn), "EventDataStoreTerminationProtectedException");
  EXPECT_EQ(on("UpdateEventDataStore", arn, "Name",
               R"(,"TerminationProtectionEnabled":false,"Name":"renamed")"),
            "renamed");
  EXPECT_EQ(on("RestoreEventDataStore", arn), "InvalidEventDataStoreStatusException");
  EXPECT_EQ(on("DeleteEventDataStore", arn), "");
  EXPECT_EQ(status(arn), "PENDING_DELETION");
  EXPECT_THAT(service_.coverage().all_sinks(), IsEmpty());
  EXPECT_EQ(on("DeleteEventDataStore", arn), "InactiveEventDataStoreException");
  EXPECT_EQ(on("UpdateEventDataStore", arn), "InactiveEventDataStoreException");
  EXPECT_THAT(service_.rows("SELECT 1 FROM " + arn), HasSubstr("pending deletion"));
  EXPECT_EQ(on("RestoreEventDataStore", arn), "ENABLED");
  EXPECT_EQ(service_.coverage().all_sinks().size(), 1u);
  EXPECT_EQ(on("DeleteEventDataStore", arn), "");
  service_.clock().advance_microseconds(int64_t{7} * 24 * 3600 * 1'000'000);
  EXPECT_EQ(status(arn), "EventDataStoreNotFoundException");
  EXPECT_EQ(on("RestoreEventDataStore", arn), "EventDataStoreNotFoundException");
}

TEST_F(EventDataStoreTest, OutlivesARestart) {
  const std::string arn = create("store", R"(,"RetentionPeriod":30,"TagsList":[
      {"Key":"a","Value":"b"}])");
  const auto sinks = service_.coverage().all_sinks();
  const std::string before =
      service_.call("GetEventDataStore", R"({"EventDataStore":")" + arn + "\"}").value();
  service_.close();
  service_.coverage().set(sinks.front(), std::nullopt);
  service_.open();
  EXPECT_EQ(service_.coverage().all_sinks(), sinks);
  EXPECT_EQ(service_.call("GetEventDataStore", R"({"EventDataStore":")" + arn + "\"}").value(),
            before);
  EXPECT_THAT(service_.service().tags(arn).value(), ElementsAre(testing::Pair("a", "b")));
}

TEST_F(EventDataStoreTest, WhatIsRefused) {
  const std::string arn = create("store");
  EXPECT_EQ(create("store"), "EventDataStoreAlreadyExistsException");
  EXPECT_EQ(create("x", R"(,"KmsKeyId":"k")"), "ValidationException");  // the name is too short
  EXPECT_EQ(create("keys", R"(,"KmsKeyId":"k")"), "InvalidParameterException");
  EXPECT_EQ(create("organization", R"(,"OrganizationEnabled":true)"), "InvalidParameterException");
  EXPECT_EQ(create("billing", R"(,"BillingMode":"FIXED_RETENTION_PRICING")"),
            "InvalidParameterException");
  EXPECT_EQ(create("long", R"(,"RetentionPeriod":91)"), "InvalidParameterException");
  EXPECT_EQ(create("tags", R"(,"TagsList":[{"Key":"a"},{"Key":"a"}])"),
            "InvalidTagParameterException");
  EXPECT_EQ(create("selectors", R"(,"AdvancedEventSelectors":[
      {"FieldSelectors":[{"Field":"eventCategory","Equals":["Insight"]}]}])"),
            "InvalidEventSelectorsException");
  EXPECT_EQ(status("arn:aws:cloudtrail:us-east-1:000000000000:trail/x"),
            "EventDataStoreARNInvalidException");
  EXPECT_EQ(status("nothing"), "EventDataStoreNotFoundException");
  const std::string other = create("other");
  EXPECT_EQ(on("UpdateEventDataStore", other, "Name", R"(,"Name":"store")"),
            "EventDataStoreAlreadyExistsException");
  for (int i = 0; i < 8; ++i) create("more" + std::to_string(i));
  EXPECT_EQ(create("eleventh"), "EventDataStoreMaxLimitExceededException");
  EXPECT_EQ(
      service_.texts(service_.call("ListEventDataStores", "{}"), "EventDataStores", "Name").size(),
      10u);
}

TEST_F(EventDataStoreTest, Tags) {
  const std::string arn = create("store");
  std::promise<Status> done;
  service_.service().change_tags(
      arn,
      [](auto& tags) -> Status {
        tags["a"] = "b";
        return Done{};
      },
      [&](Status status) { done.set_value(std::move(status)); });
  EXPECT_TRUE(done.get_future().get().ok());
  EXPECT_THAT(service_.service().tags(arn).value(), ElementsAre(testing::Pair("a", "b")));
  EXPECT_FALSE(service_.service().tags(arn.substr(0, arn.size() - 1) + "x").ok());
}

}  // namespace
}  // namespace millrace::audit::query
