#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/client/answer.h"
#include "cli/resources/fake_services_testing.h"
#include "cli/resources/lambda_calls.h"
#include "cli/trigger/add.h"
#include "cli/trigger/control.h"
#include "cli/trigger/list.h"
#include "cli/trigger/log_reader.h"
#include "cli/trigger/targets.h"

namespace millrace::cli::trigger {
namespace {

using resources::FakeServices;
using resources::Node;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Node parsed(const std::string& json) {
  const auto document = json::Document::parse(json);
  MILLRACE_CHECK(document.ok());
  return resources::node_of(root_of(*document));
}

class TriggerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(::testing::TempDir()) /
                 ("millrace-trigger-" + std::to_string(getpid()));
    std::filesystem::create_directories(directory_);
    handler_ = directory_ / "handler.mjs";
    std::ofstream(handler_) << "export const handler = async () => {};\n";
    services_.put("table", "music", parsed(R"({"TableName":"music","TableStatus":"ACTIVE",
                             "TableArn":"arn:aws:dynamodb:r:123456789012:table/music"})"));
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  AddOptions options() {
    AddOptions options;
    options.table = "music";
    options.target = handler_;
    options.enable_stream = true;
    return options;
  }
  // What it changed on the server; or the error.
  std::vector<std::string> add(const AddOptions& options) {
    ::testing::internal::CaptureStdout();
    const Status status = add_trigger(client_, options);
    output_ = ::testing::internal::GetCapturedStdout();
    if (!status.ok()) return {status.error().message};
    return services_.take_changes();
  }
  template <typename Command>
  std::string said(Command command) {
    ::testing::internal::CaptureStdout();
    const Status status = command();
    output_ = ::testing::internal::GetCapturedStdout();
    return status.ok() ? output_ : "error: " + status.error().message;
  }

  FakeServices services_;
  const Connection connection_ = services_.connection();
  const SystemClock clock_;
  ServiceClient client_{connection_, clock_};
  std::filesystem::path directory_;
  std::filesystem::path handler_;
  std::string output_;
};

TEST_F(TriggerTest, AddMakesWhatIsMissing) {
  EXPECT_THAT(
      add(options()),
      ElementsAre("UpdateTable music", "CreateRole music-handler", "AttachRolePolicy music-handler",
                  "CreateFunction music-handler", "CreateEventSourceMapping"));
  EXPECT_EQ(output_,
            "+ stream of music: arn:aws:dynamodb:r:123456789012:table/music/stream/1 with "
            "NEW_AND_OLD_IMAGES\n"
            "+ role music-handler: AWSLambdaDynamoDBExecutionRole\n"
            "+ function music-handler: nodejs20.x, handler.handler\n"
            "+ trigger music → music-handler\n"
            "  Enabled uuid-1, follows arn:aws:dynamodb:r:123456789012:table/music/stream/1\n");
  const Node mapping = services_.get("mapping", "uuid-1");
  EXPECT_EQ(mapping.text_of("StartingPosition"), "LATEST");
  EXPECT_EQ(services_.tags(resources::mapping_arn(mapping)).text_of("millrace:follow-table"),
            "true");
}

TEST_F(TriggerTest, AddAgainChangesNothing) {
  add(options());
  EXPECT_THAT(add(options()), IsEmpty());
  EXPECT_EQ(output_,
            "= function music-handler: nodejs20.x, handler.handler\n"
            "= trigger music → music-handler\n"
            "  Enabled uuid-1, follows arn:aws:dynamodb:r:123456789012:table/music/stream/1\n");
}

TEST_F(TriggerTest, AddMakesNoRoleThatIsNamedOrThere) {
  AddOptions named = options();
  named.role = "arn:aws:iam::123456789012:role/mine";
  EXPECT_THAT(add(named), ElementsAre("UpdateTable music", "CreateFunction music-handler",
                                      "CreateEventSourceMapping"));
  EXPECT_THAT(add(options()), IsEmpty());  // it keeps its role
  AddOptions other = options();
  other.name = "other";
  add(other);
  other.name = "third";
  services_.forget_iam();
  EXPECT_THAT(add(other), ElementsAre("CreateFunction third", "CreateEventSourceMapping"));
}

TEST_F(TriggerTest, AddKeepsWhatIsNotSaid) {
  AddOptions first = options();
  first.batch_size = 7;
  first.bisects = true;
  first.filters = {R"({"eventName": ["INSERT"]})"};
  first.timeout_seconds = 20;
  first.environment = {"A=1"};
  add(first);
  AddOptions second = options();
  second.batch_size = 8;
  second.environment = {"B=2=3"};
  EXPECT_THAT(add(second), ElementsAre("UpdateFunctionConfiguration music-handler",
                                       "UpdateEventSourceMapping uuid-1"));
  EXPECT_EQ(to_json(services_.body_of("UpdateFunctionConfiguration")),
            R"({"Environment":{"Variables":{"A":"1","B":"2=3"}}})");
  EXPECT_EQ(to_json(services_.body_of("UpdateEventSourceMapping")), R"({"BatchSize":8})");
  const Node mapping = services_.get("mapping", "uuid-1");
  EXPECT_EQ(to_json(*mapping.find("FilterCriteria")),
            R"({"Filters":[{"Pattern":"{\"eventName\":[\"INSERT\"]}"}]})");
  AddOptions third = options();
  third.filters = {"none"};
  add(third);
  EXPECT_EQ(to_json(services_.body_of("UpdateEventSourceMapping")),
            R"({"FilterCriteria":{"Filters":[]}})");
}

TEST_F(TriggerTest, EverySettingIsSent) {
  AddOptions all = options();
  all.batch_size = 10;
  all.batching_window_seconds = 1;
  all.parallelization_factor = 2;
  all.maximum_retry_attempts = 3;
  all.maximum_record_age_seconds = 60;
  all.tumbling_window_seconds = 0;
  all.starting_position = "TRIM_HORIZON";
  all.bisects = true;
  all.reports_batch_item_failures = true;
  all.on_failure = "arn:aws:s3:::failed";
  all.disabled = true;
  add(all);
  EXPECT_THAT(output_, HasSubstr("Disabled uuid-1"));
  EXPECT_EQ(to_json(services_.body_of("CreateEventSourceMapping")),
            R"({"BatchSize":10,"MaximumBatchingWindowInSeconds":1,"ParallelizationFactor":2,)"
            R"("MaximumRetryAttempts":3,"MaximumRecordAgeInSeconds":60,)"
            R"("BisectBatchOnFunctionError":true,"TumblingWindowInSeconds":0,)"
            R"("FunctionResponseTypes":["ReportBatchItemFailures"],)"
            R"("DestinationConfig":{"OnFailure":{"Destination":"arn:aws:s3:::failed"}},)"
            R"("EventSourceArn":"arn:aws:dynamodb:r:123456789012:table/music/stream/1",)"
            R"("FunctionName":"music-handler","Enabled":false,)"
            R"("Tags":{"millrace:follow-table":"true"},"StartingPosition":"TRIM_HORIZON"})");
}

TEST_F(TriggerTest, AddTakesAFunctionThatIsThere) {
  add(options());
  AddOptions by_name = options();
  by_name.target = "music-handler";
  EXPECT_THAT(add(by_name), IsEmpty());
  by_name.timeout_seconds = 3;
  EXPECT_THAT(add(by_name).front(), HasSubstr("are for code, and music-handler is a function"));
}

TEST_F(TriggerTest, AddRefusesBeforeItChangesAnything) {
  auto refused = [&](auto change) {
    AddOptions wrong = options();
    change(wrong);
    const auto told = add(wrong);
    EXPECT_EQ(told.size(), 1U);
    EXPECT_THAT(services_.take_changes(), IsEmpty());
    return told.front();
  };
  EXPECT_THAT(refused([](AddOptions& o) { o.enable_stream = false; }),
              HasSubstr("table 'music' has no stream: --enable-stream"));
  EXPECT_THAT(refused([](AddOptions& o) { o.table = "nope"; }),
              HasSubstr("ResourceNotFoundException"));
  EXPECT_EQ(refused([](AddOptions& o) { o.target = "./nope.mjs"; }),
            "./nope.mjs: there is no such file or directory");
  EXPECT_EQ(refused([](AddOptions& o) { o.target = "nope"; }),
            "'nope' is neither a path nor a function that is there");
  EXPECT_EQ(refused([](AddOptions& o) { o.filters = {"{"}; }),
            "--filter: '{' is not a JSON object");
  EXPECT_EQ(refused([](AddOptions& o) { o.filters = {"@/nope"}; }),
            "--filter: /nope cannot be read");
  EXPECT_EQ(refused([](AddOptions& o) { o.environment = {"A"}; }), "--env: 'A' is not NAME=VALUE");
}

TEST_F(TriggerTest, ListShowsWhatMatters) {
  AddOptions wanted = options();
  wanted.batch_size = 5;
  add(wanted);
  services_.put("statistics", "uuid-1",
                parsed(R"({"UUID":"uuid-1","RecordsBehind":12,"IteratorAgeMilliseconds":1500})"));
  const auto text = triggers_text(client_, "music");
  ASSERT_TRUE(text.ok()) << text.error().message;
  EXPECT_EQ(*text,
            "TABLE  FUNCTION       STATE    LAST RESULT  LAG                SETTINGS     UUID\n"
            "music  music-handler  Enabled               12 records, 1.5 s  BatchSize=5  uuid-1\n");
  EXPECT_THAT(*triggers_text(client_, "other"), Not(HasSubstr("uuid-1")));
  const auto json = triggers_json(client_, std::nullopt);
  ASSERT_TRUE(json.ok());
  EXPECT_THAT(*json, HasSubstr(R"("RecordsBehind":12)"));
}

TEST_F(TriggerTest, PauseAndResume) {
  add(options());
  EXPECT_EQ(said([&] { return set_enabled(client_, "music", false); }),
            "music → music-handler (uuid-1): Disabled\n");
  EXPECT_EQ(said([&] { return set_enabled(client_, "uuid-1", true); }),
            "music → music-handler (uuid-1): Enabled\n");
  EXPECT_THAT(said([&] { return set_enabled(client_, "nope", true); }),
              HasSubstr("no trigger belongs to a table or a function called 'nope'"));
}

TEST_F(TriggerTest, Remove) {
  add(options());
  AddOptions other = options();
  other.table = "books";
  other.target = "music-handler";
  services_.put("table", "books", parsed(R"({"TableName":"books","TableStatus":"ACTIVE",
                           "TableArn":"arn:aws:dynamodb:r:123456789012:table/books"})"));
  add(other);
  EXPECT_THAT(said([&] { return remove_triggers(client_, "music", true); }),
              HasSubstr("function music-handler is called by another trigger, too"));
  EXPECT_THAT(services_.take_changes(), IsEmpty());
  EXPECT_EQ(said([&] { return remove_triggers(client_, "music", false); }),
            "- trigger music → music-handler (uuid-1)\n");
  EXPECT_EQ(said([&] { return remove_triggers(client_, "music-handler", true); }),
            "- trigger books → music-handler (uuid-2)\n- function music-handler\n"
            "- role music-handler\n");
}

TEST_F(TriggerTest, ARoleGoesWithTheLastFunctionThatHasIt) {
  add(options());
  AddOptions other = options();
  other.name = "other";
  other.role = "arn:aws:iam::123456789012:role/music-handler";
  add(other);
  EXPECT_THAT(said([&] { return remove_triggers(client_, "music-handler", true); }),
              Not(HasSubstr("- role")));
  EXPECT_THAT(said([&] { return remove_triggers(client_, "other", true); }),
              HasSubstr("- role music-handler\n"));
}

TEST_F(TriggerTest, Replay) {
  add(options());
  EXPECT_EQ(said([&] {
              return replay(client_, "music", {"AT_TIMESTAMP", 86'400});
            }),
            "music → music-handler (uuid-1): goes on from 1970-01-02T00:00:00Z\n");
  EXPECT_EQ(to_json(services_.body_of("ReplayEventSourceMapping")),
            R"({"UUID":"uuid-1","StartingPosition":"AT_TIMESTAMP",)"
            R"("StartingPositionTimestamp":86400})");
  EXPECT_EQ(parse_replay_position("trim-horizon", 0)->name, "TRIM_HORIZON");
  EXPECT_EQ(parse_replay_position("10m", 1000)->seconds_since_1970, 400);
  EXPECT_FALSE(parse_replay_position("yesterday", 0));
}

TEST_F(TriggerTest, LogsHaveNoGapAndNoRepeat) {
  LogReader reader(client_, "g", 1000);
  auto read = [&] {
    std::string messages;
    const auto events = reader.read();
    if (!events.ok()) return events.error().message;
    for (const LogEvent& event : *events) messages += event.message + " ";
    return messages;
  };
  EXPECT_EQ(read(), "");  // the group is not there yet
  services_.add_log_event("g", 500, "0", "before");
  for (int i = 1; i <= 5; ++i) {
    services_.add_log_event("g", 10'000 + i, std::to_string(i), "m" + std::to_string(i));
  }
  EXPECT_EQ(read(), "m1 m2 m3 m4 m5 ");
  EXPECT_EQ(read(), "");
  services_.add_log_event("g", 10'005, "6", "same-time");
  services_.add_log_event("g", 9'000, "7", "late");
  services_.add_log_event("g", 60'000, "8", "next");
  EXPECT_EQ(read(), "late same-time next ");
  EXPECT_EQ(read(), "");
}

TEST(DefaultFunctionNameTest, IsOfTableAndFile) {
  EXPECT_EQ(default_function_name("music", "./handler.mjs"), "music-handler");
  EXPECT_EQ(default_function_name("music.v2", "a/on change/"), "music-v2-on-change");
  EXPECT_EQ(default_function_name(std::string(80, 'a'), "b.py").size(), 64U);
}

}  // namespace
}  // namespace millrace::cli::trigger
