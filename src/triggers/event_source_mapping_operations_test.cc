#include "triggers/event_source_mapping_operations.h"

#include <future>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/memory/memory_engine.h"
#include "triggers/mapping_tags.h"

namespace millrace::triggers {
namespace {

constexpr std::string_view kStreamArn =
    "arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/2026-01-02T03:04:05.678";
constexpr std::string_view kFunctionArn = "arn:aws:lambda:us-east-1:000000000000:function:";

class OneWayDestinations final : public FailureDestinations {
 public:
  [[nodiscard]] Status check(const std::string& destination_arn) const override {
    if (destination_arn.starts_with("arn:aws:s3:::")) return Done{};
    return Error{ErrorCode::kInvalidParameterValueException, "no way to " + destination_arn};
  }
  void send(const std::string&, FailedBatch, std::function<void(Status)>) override {}
};

class EventSourceMappings : public testing::Test {
 protected:
  EventSourceMappings() {
    publish_stream("2026-01-02T03:04:05.678");
    services_.function_arn = [](std::string_view name) -> Result<std::string> {
      if (name.starts_with("missing")) {
        return Error{ErrorCode::kResourceNotFoundException, "Function not found: missing"};
      }
      return std::string(kFunctionArn) + std::string(name);
    };
    services_.last_processing_result = [this](const std::string&) { return result_; };
  }

  void publish_stream(const std::string& label) {
    auto stream = std::make_shared<catalog::Stream>();
    stream->table_name = "T";
    stream->label = label;
    stream->enabled = false;
    catalog_->publish({.tables = {}, .dropped_tables = {}, .streams = {stream}});
  }

  Result<std::string> run(std::string_view operation, const std::string& input) {
    const auto document = json::Document::parse(input).value();
    const api::Request request{.input = document.root().get_object().value(),
                               .principal = {},
                               .host = {},
                               .request_id = {}};
    std::promise<Result<std::string>> answered;
    for (const auto& candidate : event_source_mapping_operations(services_)) {
      if (candidate.name != operation) continue;
      candidate.run(request, [&](Result<api::RestAnswer> answer) {
        answered.set_value(answer ? Result<std::string>(answer->body) : answer.error());
      });
      return answered.get_future().get();
    }
    ADD_FAILURE() << operation;
    return std::string();
  }

  Error refused(std::string_view operation, const std::string& input) {
    auto answer = run(operation, input);
    EXPECT_FALSE(answer.ok()) << input << *answer;
    return answer ? Error{} : answer.error();
  }

  // A request to create a mapping, with more members.
  static std::string creation(std::string_view function, std::string_view more = "",
                              std::string_view stream = kStreamArn) {
    return fmt::format(
        R"({{"FunctionName":"{}","EventSourceArn":"{}","StartingPosition":"LATEST"{}}})", function,
        stream, more);
  }
  std::string create(std::string_view function = "f", std::string_view more = "",
                     std::string_view stream = kStreamArn) {
    const auto before = all();
    EXPECT_TRUE(run("CreateEventSourceMapping", creation(function, more, stream)).ok());
    for (const auto& mapping : all()) {
      if (std::ranges::find(before, mapping) == before.end()) return mapping->uuid;
    }
    ADD_FAILURE() << function;
    return "";
  }
  std::vector<MappingPointer> all() { return store_->list("", 1000); }

  // As whoever brings mappings on does.
  void set_state(const std::string& uuid, MappingState state) {
    store_->change(
        uuid,
        [&](const MappingPointer& current) -> Result<MappingPointer> {
          Mapping next = *current;
          next.state = state;
          return std::make_shared<const Mapping>(next);
        },
        [](const auto& changed) { EXPECT_TRUE(changed.ok()); });
  }

  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(*engine_, {}).value();
  std::unique_ptr<MappingStore> store_ = MappingStore::open(*engine_).value();
  ManualClock clock_{1'767'322'800'500'000};
  Random random_{1};
  OneWayDestinations destinations_;
  std::optional<std::string> result_;
  MappingServices services_{*store_, *catalog_, clock_, random_, destinations_, {}, {}};
};

Error invalid(std::string message) {
  return {ErrorCode::kInvalidParameterValueException, std::move(message)};
}

TEST_F(EventSourceMappings, CreateAnswersAsTheService) {
  const auto answer = run("CreateEventSourceMapping", creation("f"));
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  const std::string uuid = all().front()->uuid;
  EXPECT_EQ(
      *answer,
      fmt::format(
          R"({{"UUID":"{0}","StartingPosition":"LATEST","BatchSize":100,)"
          R"("MaximumBatchingWindowInSeconds":0,"ParallelizationFactor":1,"EventSourceArn":"{1}",)"
          R"("FunctionArn":"{2}f","LastModified":1767322800.5,)"
          R"("LastProcessingResult":"No records processed","State":"Creating",)"
          R"("StateTransitionReason":"User action","DestinationConfig":{{"OnFailure":{{}}}},)"
          R"("MaximumRecordAgeInSeconds":-1,"BisectBatchOnFunctionError":false,)"
          R"("MaximumRetryAttempts":-1,"TumblingWindowInSeconds":0,"FunctionResponseTypes":[],)"
          R"("EventSourceMappingArn":"arn:aws:lambda:us-east-1:000000000000:event-source-mapping:)"
          R"({0}"}})",
          uuid, kStreamArn, kFunctionArn));
  EXPECT_EQ(uuid.size(), 36u);
}

TEST_F(EventSourceMappings, EverySettingIsKeptAndShown) {
  const std::string uuid = create(
      "f:live",
      R"(,"Enabled":false,"BatchSize":7,"MaximumBatchingWindowInSeconds":8,)"
      R"("ParallelizationFactor":9,"MaximumRecordAgeInSeconds":60,"MaximumRetryAttempts":0,)"
      R"("BisectBatchOnFunctionError":true,"FunctionResponseTypes":["ReportBatchItemFailures"],)"
      R"("FilterCriteria":{"Filters":[{"Pattern":"{\"eventName\":[\"INSERT\"]}"}]},)"
      R"("DestinationConfig":{"OnFailure":{"Destination":"arn:aws:s3:::failed"}},)"
      R"("Tags":{"millrace:follow-table":"true"})");
  const MappingPointer mapping = store_->find(uuid);
  EXPECT_FALSE(mapping->enabled);
  EXPECT_EQ(mapping->function_arn, std::string(kFunctionArn) + "f:live");
  EXPECT_EQ(mapping->starting_position, StartingPosition::kLatest);
  EXPECT_EQ(mapping->tags.at("millrace:follow-table"), "true");
  result_ = "OK";
  const std::string shown = run("GetEventSourceMapping", R"({"UUID":")" + uuid + "\"}").value();
  for (const std::string_view member :
       {R"("BatchSize":7)", R"("MaximumBatchingWindowInSeconds":8)", R"("ParallelizationFactor":9)",
        R"("MaximumRecordAgeInSeconds":60)", R"("MaximumRetryAttempts":0)",
        R"("BisectBatchOnFunctionError":true)",
        R"("FunctionResponseTypes":["ReportBatchItemFailures"])",
        R"("FilterCriteria":{"Filters":[{"Pattern":"{\"eventName\":[\"INSERT\"]}"}]})",
        R"("DestinationConfig":{"OnFailure":{"Destination":"arn:aws:s3:::failed"}})",
        R"("LastProcessingResult":"OK")"}) {
    EXPECT_NE(shown.find(member), std::string::npos) << member << " in " << shown;
  }
  const std::string other = create("g", R"(,"TumblingWindowInSeconds":900)");
  EXPECT_EQ(store_->find(other)->tumbling_window_seconds, 900);
}

TEST_F(EventSourceMappings, WhatCannotBeCreated) {
  const auto create_refused = [&](const std::string& input) {
    return refused("CreateEventSourceMapping", input);
  };
  EXPECT_EQ(create_refused(creation("missing")), invalid("Function does not exist"));
  EXPECT_EQ(create_refused(R"({"FunctionName":"f","StartingPosition":"LATEST"})"),
            invalid("Unrecognized event source."));
  std::string other(kStreamArn);
  other.back() = '9';
  EXPECT_EQ(create_refused(creation("f", "", other)), invalid("Stream not found: " + other));
  other = kStreamArn;
  other.replace(other.find("us-east-1"), 9, "eu-west-1");
  EXPECT_EQ(create_refused(creation("f", "", other)), invalid("Stream not found: " + other));
  other = "arn:aws:sqs:us-east-1:000000000000:queue";
  EXPECT_NE(create_refused(creation("f", "", other)).message.find(other), std::string::npos);
  EXPECT_EQ(
      create_refused(fmt::format(R"({{"FunctionName":"f","EventSourceArn":"{}"}})", kStreamArn)),
      invalid("1 validation error detected: Value null at 'startingPosition' failed to "
              "satisfy constraint: Member must not be null."));
  EXPECT_EQ(create_refused(fmt::format(R"({{"FunctionName":"f","EventSourceArn":"{}",)"
                                       R"("StartingPosition":"AT_TIMESTAMP"}})",
                                       kStreamArn)),
            invalid(fmt::format("Unsupported starting position for arn type: {}", kStreamArn)));
  EXPECT_TRUE(all().empty());
}

TEST_F(EventSourceMappings, SettingsThatDoNotGoTogetherOrAreNotOurs) {
  const auto message = [&](std::string_view more) {
    const Error error = refused("CreateEventSourceMapping", creation("f", more));
    EXPECT_EQ(error.code, ErrorCode::kInvalidParameterValueException);
    return error.message;
  };
  EXPECT_EQ(message(R"(,"TumblingWindowInSeconds":1,"ParallelizationFactor":2)"),
            "ParallelizationFactor must be 1 when TumblingWindowInSeconds is set.");
  EXPECT_EQ(message(R"(,"MaximumRecordAgeInSeconds":59)"),
            "MaximumRecordAgeInSeconds must be -1 or at least 60.");
  EXPECT_EQ(message(R"(,"MaximumRecordAgeInSeconds":0)"),
            "MaximumRecordAgeInSeconds must be -1 or at least 60.");
  EXPECT_EQ(message(R"(,"FilterCriteria":{"Filters":[{"Pattern":"{}"}]})"),
            "Invalid filter pattern definition.");
  EXPECT_EQ(message(R"(,"FilterCriteria":{"Filters":[{}]})"), "Invalid filter pattern definition.");
  std::string filters;
  for (int i = 0; i < 6; ++i) filters += R"(,{"Pattern":"{\"a\":[1]}"})";
  EXPECT_EQ(message(R"(,"FilterCriteria":{"Filters":[)" + filters.substr(1) + "]}"),
            "FilterCriteria has 6 filters, an event source mapping may have up to 5.");
  EXPECT_EQ(message(R"(,"DestinationConfig":{"OnFailure":{"Destination":"arn:aws:sqs:q"}})"),
            "no way to arn:aws:sqs:q");
  EXPECT_EQ(message(R"(,"DestinationConfig":{"OnSuccess":{"Destination":"arn:aws:s3:::b"}})"),
            "Unsupported DestinationConfig parameter for given event source mapping type.");
  std::string nothing;
  for (const std::string_view name :
       {"AmazonManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig", "KMSKeyArn",
        "LoggingConfig", "MetricsConfig", "ProvisionedPollerConfig", "Queues", "ScalingConfig",
        "SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig", "SourceAccessConfigurations",
        "StartingPositionTimestamp", "Topics"}) {
    for (const std::string_view value : {R"({"a":1})", R"(["a"])", R"("a")", "1"}) {
      EXPECT_NE(message(fmt::format(R"(,"{}":{})", name, value)).find(name), std::string::npos);
    }
    nothing += fmt::format(R"(,"{}":{})", name, name.ends_with("Arn") ? "\"\"" : "[]");
  }
  EXPECT_NE(message(R"(,"Tags":{"aws:a":"b"})").find("aws:a"), std::string::npos);
  EXPECT_TRUE(all().empty());
  create("f", nothing + R"(,"DestinationConfig":{"OnSuccess":{}})");
}

TEST_F(EventSourceMappings, OneMappingPerStreamAndFunction) {
  const std::string uuid = create("f");
  const Error again = refused("CreateEventSourceMapping", creation("f"));
  EXPECT_EQ(again.code, ErrorCode::kResourceConflictException);
  EXPECT_EQ(again.message,
            fmt::format("The event source arn (\" {} \") and function (\" f \") provided mapping "
                        "already exists. Please update or delete the existing mapping with UUID {}",
                        kStreamArn, uuid));
  const std::string other = create("g");
  set_state(other, MappingState::kEnabled);
  EXPECT_EQ(refused("UpdateEventSourceMapping",
                    fmt::format(R"({{"UUID":"{}","FunctionName":"f"}})", other))
                .code,
            ErrorCode::kResourceConflictException);
}

TEST_F(EventSourceMappings, UpdateChangesWhatItNames) {
  const std::string uuid =
      create("f", R"(,"BatchSize":7,"FilterCriteria":{"Filters":[{"Pattern":"{\"a\":[1]}"}]},)"
                  R"("DestinationConfig":{"OnFailure":{"Destination":"arn:aws:s3:::failed"}})");
  set_state(uuid, MappingState::kEnabled);
  clock_.advance_microseconds(1'000'000);
  const auto update = [&](std::string_view more) {
    auto answer = run("UpdateEventSourceMapping", fmt::format(R"({{"UUID":"{}"{}}})", uuid, more));
    EXPECT_TRUE(answer.ok()) << answer.error().message;
    const MappingPointer mapping = store_->find(uuid);
    EXPECT_NE(answer->find(fmt::format(R"("State":"{}")", mapping_state_name(mapping->state))),
              std::string::npos);
    set_state(uuid, mapping->enabled ? MappingState::kEnabled : MappingState::kDisabled);
    return mapping;
  };
  MappingPointer mapping = update(R"(,"BatchSize":8,"FunctionName":"g")");
  EXPECT_EQ(mapping->state, MappingState::kUpdating);
  EXPECT_EQ(mapping->batch_size, 8);
  EXPECT_EQ(mapping->function_arn, std::string(kFunctionArn) + "g");
  EXPECT_EQ(mapping->filter_patterns.size(), 1u);
  EXPECT_EQ(mapping->on_failure_destination, "arn:aws:s3:::failed");
  EXPECT_EQ(mapping->last_modified_milliseconds, 1'767'322'801'500);

  mapping = update(R"(,"Enabled":false)");
  EXPECT_EQ(mapping->state, MappingState::kDisabling);
  EXPECT_FALSE(mapping->enabled);
  EXPECT_EQ(update(R"(,"Enabled":false,"BatchSize":9)")->state, MappingState::kUpdating);
  EXPECT_EQ(update(R"(,"Enabled":true)")->state, MappingState::kEnabling);

  mapping = update(R"(,"FilterCriteria":{"Filters":[]},"DestinationConfig":{"OnFailure":{}})");
  EXPECT_TRUE(mapping->filter_patterns.empty());
  EXPECT_TRUE(mapping->on_failure_destination.empty());
  EXPECT_EQ(mapping->batch_size, 9);

  update(R"(,"ParallelizationFactor":2)");
  EXPECT_EQ(refused("UpdateEventSourceMapping",
                    fmt::format(R"({{"UUID":"{}","TumblingWindowInSeconds":3}})", uuid)),
            invalid("ParallelizationFactor must be 1 when TumblingWindowInSeconds is set."));
  EXPECT_EQ(refused("UpdateEventSourceMapping",
                    fmt::format(R"({{"UUID":"{}","FunctionName":"missing"}})", uuid)),
            invalid("Function does not exist"));
}

TEST_F(EventSourceMappings, NoChangeWhileOneIsGoingOn) {
  const std::string uuid = create();
  const std::string input = R"({"UUID":")" + uuid + R"(","BatchSize":1})";
  for (const MappingState state :
       {MappingState::kCreating, MappingState::kEnabling, MappingState::kDisabling,
        MappingState::kUpdating, MappingState::kDeleting}) {
    set_state(uuid, state);
    EXPECT_EQ(refused("UpdateEventSourceMapping", input),
              (Error{ErrorCode::kResourceInUseException,
                     "Cannot update the event source mapping because it is in use."}));
    EXPECT_EQ(refused("DeleteEventSourceMapping", input),
              (Error{ErrorCode::kResourceInUseException,
                     "Cannot delete the event source mapping because it is in use."}));
  }
  set_state(uuid, MappingState::kDisabled);
  const auto deleted = run("DeleteEventSourceMapping", input);
  ASSERT_TRUE(deleted.ok());
  EXPECT_NE(deleted->find(R"("State":"Deleting")"), std::string::npos);
  EXPECT_EQ(store_->find(uuid)->state, MappingState::kDeleting);
}

TEST_F(EventSourceMappings, WhatIsNotThere) {
  const Error missing{ErrorCode::kResourceNotFoundException,
                      "The resource you requested does not exist."};
  for (const std::string_view operation :
       {"GetEventSourceMapping", "UpdateEventSourceMapping", "DeleteEventSourceMapping"}) {
    EXPECT_EQ(refused(operation, R"({"UUID":"c6af9ac6-7b61-11e6-9a41-93e8deadbeef"})"), missing);
  }
}

TEST_F(EventSourceMappings, ListPagesAndFilters) {
  const std::string other_stream =
      "arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/2026-01-02T03:04:05.999";
  publish_stream("2026-01-02T03:04:05.999");
  for (int i = 0; i < 5; ++i) create(fmt::format("f{}", i));
  create("f1", "", other_stream);
  const auto list = [&](const std::string& input) {
    std::vector<std::string> uuids;
    const auto document = json::Document::parse(run("ListEventSourceMappings", input).value());
    for (const json::Object mapping : document->root()["EventSourceMappings"].get_array()) {
      uuids.emplace_back(mapping["UUID"].get_string().value());
    }
    std::string_view marker;
    const bool more = document->root()["NextMarker"].get(marker) == simdjson::SUCCESS;
    return std::pair(uuids, more ? std::string(marker) : "");
  };
  EXPECT_EQ(list("{}").first.size(), 6u);
  EXPECT_EQ(list("{}").second, "");
  EXPECT_EQ(list(R"({"FunctionName":"f1"})").first.size(), 2u);
  EXPECT_EQ(list(fmt::format(R"({{"EventSourceArn":"{}"}})", other_stream)).first.size(), 1u);
  EXPECT_EQ(list(fmt::format(R"({{"EventSourceArn":"{}","FunctionName":"f2"}})", other_stream))
                .first.size(),
            0u);
  std::vector<std::string> paged;
  std::string marker;
  size_t pages = 0;
  do {
    auto [uuids, next] = list(fmt::format(R"({{"MaxItems":2,"Marker":"{}"}})", marker));
    paged.insert(paged.end(), uuids.begin(), uuids.end());
    marker = next;
    ++pages;
  } while (!marker.empty());
  EXPECT_EQ(paged, list("{}").first);
  EXPECT_EQ(pages, 3u);
  EXPECT_EQ(refused("ListEventSourceMappings", R"({"FunctionName":"missing"})").code,
            ErrorCode::kResourceNotFoundException);
}

TEST_F(EventSourceMappings, Tags) {
  const std::string uuid = create("f", R"(,"Tags":{"a":"1"})");
  const std::string arn = mapping_arn({}, uuid);
  EXPECT_EQ(mapping_uuid_of_arn({}, arn), uuid);
  EXPECT_EQ(mapping_uuid_of_arn({}, "arn:aws:lambda:us-east-1:000000000000:function:f"),
            std::nullopt);
  EXPECT_EQ(mapping_uuid_of_arn({.account_id = "111111111111", .region = "us-east-1"}, arn),
            std::nullopt);
  const auto expect_ok = [](const Status& status) { EXPECT_TRUE(status.ok()); };
  tag_mapping(*store_, uuid, {{"a", "2"}, {"b", "3"}}, expect_ok);
  untag_mapping(*store_, uuid, {"c"}, expect_ok);
  EXPECT_EQ(list_mapping_tags(*store_, uuid).value(), (MappingTags{{"a", "2"}, {"b", "3"}}));
  untag_mapping(*store_, uuid, {"a"}, expect_ok);
  EXPECT_EQ(list_mapping_tags(*store_, uuid).value(), (MappingTags{{"b", "3"}}));

  MappingTags many;
  for (int i = 0; i < 51; ++i) many[std::to_string(i)] = "";
  for (const MappingTags& bad : {MappingTags{{"", "x"}}, MappingTags{{std::string(129, 'k'), "x"}},
                                 MappingTags{{"k", std::string(257, 'v')}},
                                 MappingTags{{"aws:x", ""}}, MappingTags{{"a\nb", ""}}, many}) {
    tag_mapping(*store_, uuid, bad, [](const Status& status) {
      ASSERT_FALSE(status.ok());
      EXPECT_EQ(status.error().code, ErrorCode::kInvalidParameterValueException);
    });
  }
  EXPECT_EQ(list_mapping_tags(*store_, uuid).value(), (MappingTags{{"b", "3"}}));
  EXPECT_FALSE(list_mapping_tags(*store_, "missing").ok());
  tag_mapping(*store_, "missing", {{"a", "b"}}, [](const Status& status) {
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code, ErrorCode::kResourceNotFoundException);
  });
}

}  // namespace
}  // namespace millrace::triggers
