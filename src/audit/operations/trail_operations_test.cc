// What each operation answers, through the API model's checks as the front end makes them.
#include "audit/trail_operations.h"

#include <future>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "api/validate.h"
#include "engine/memory/memory_engine.h"

namespace millrace::audit {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr int64_t kNow = 1'763'719'200'000;  // 2025-11-21T10:00:00Z
constexpr std::string_view kArn = "arn:aws:cloudtrail:us-east-1:000000000000:trail/first";
constexpr std::string_view kStore = "arn:aws:cloudtrail:us-east-1:000000000000:eventdatastore/e-1";
constexpr std::string_view kGroup = "arn:aws:logs:us-east-1:000000000000:log-group:audit:*";
constexpr std::string_view kRole = "arn:aws:iam::000000000000:role/writer";

// Knows the buckets that begin with "audit" and the log group "audit".
class FakeDelivery final : public TrailDelivery {
 public:
  DeliveryStatus status(SinkId) const override { return status_; }
  void check_bucket(const std::string& bucket, const std::string& key_prefix,
                    std::function<void(Status)> done) override {
    asked_.push_back(bucket + "/" + key_prefix);
    if (before_answer_) std::exchange(before_answer_, nullptr)();
    if (bucket.starts_with("audit")) return done(Done{});
    done(Error{ErrorCode::kS3BucketDoesNotExistException, "S3 bucket does not exist"});
  }
  Status check_log_group(const std::string& arn) const override {
    if (arn == kGroup) return Done{};
    return Error{ErrorCode::kInvalidCloudWatchLogsLogGroupArnException, "no such group"};
  }

  DeliveryStatus status_;
  std::vector<std::string> asked_;
  std::function<void()> before_answer_;
};

// Knows one event data store.
class FakeEventDataStores final : public TaggedEventDataStores {
 public:
  Result<Tags> tags(const std::string& arn) const override {
    TRY(check(arn));
    return tags_;
  }
  void change_tags(const std::string& arn, Change change,
                   std::function<void(Status)> done) override {
    auto status = check(arn);
    Tags changed = tags_;
    if (status.ok()) status = change(changed);
    if (status.ok()) tags_ = std::move(changed);
    done(std::move(status));
  }

 private:
  static Status check(const std::string& arn) {
    if (arn == kStore) return Done{};
    return Error{ErrorCode::kEventDataStoreNotFoundException, "no such store"};
  }

  Tags tags_;
};

class TrailOperations : public testing::Test {
 protected:
  Result<std::string> run(std::string_view operation, std::string_view input) {
    for (const api::JsonOperation& candidate : operations_) {
      if (candidate.name != operation) continue;
      const auto document = json::Document::parse(input);
      const api::Shape* shape = api::find_shape("cloudtrail", candidate.input);
      MILLRACE_CHECK(document.ok() && shape != nullptr);
      TRY(api::check_types(*shape, document->root()));
      TRY(api::check_constraints(*shape, document->root()));
      std::promise<Result<std::string>> answer;
      candidate.run({json::Object(document->root()), {}, {}, {}},
                    [&](Result<std::string> result) { answer.set_value(std::move(result)); });
      return answer.get_future().get();
    }
    ADD_FAILURE() << operation;
    return internal_error("no such operation");
  }
  std::string succeed(std::string_view operation, std::string_view input) {
    auto answer = run(operation, input);
    EXPECT_TRUE(answer.ok()) << operation << input << (answer.ok() ? "" : answer.error().message);
    return answer.ok() ? *std::move(answer) : "";
  }
  void refuse(std::string_view operation, std::string_view input, ErrorCode code,
              std::string_view message_part = "") {
    const auto answer = run(operation, input);
    ASSERT_FALSE(answer.ok()) << operation << input;
    EXPECT_EQ(error_name(answer.error().code), error_name(code)) << operation << input;
    EXPECT_THAT(answer.error().message, HasSubstr(std::string(message_part)));
  }
  void create(std::string_view name) {
    succeed("CreateTrail", fmt::format(R"({{"Name":"{}","S3BucketName":"audit"}})", name));
  }
  std::string trail() { return succeed("GetTrail", R"({"Name":"first"})"); }

  ManualClock clock_{kNow * 1000};
  Random random_{1};
  catalog::Site site_;
  Coverage coverage_;
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<TrailStore> store_ = TrailStore::open(*engine_, coverage_).value();
  FakeDelivery delivery_;
  FakeEventDataStores event_data_stores_;
  std::vector<api::JsonOperation> operations_ =
      trail_operations({*store_, delivery_, site_, clock_, random_, &event_data_stores_});
};

TEST_F(TrailOperations, EveryOneIsOfTheModel) {
  EXPECT_EQ(operations_.size(), 16U);
  for (const api::JsonOperation& operation : operations_) {
    EXPECT_NE(api::find_shape("cloudtrail", operation.input), nullptr) << operation.name;
  }
}

TEST_F(TrailOperations, ATrailIsCreatedWithDefaults) {
  EXPECT_EQ(succeed("CreateTrail", R"({"Name":"first","S3BucketName":"audit"})"),
            fmt::format(R"({{"Name":"first","S3BucketName":"audit",)"
                        R"("IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":false,)"
                        R"("TrailARN":"{}","LogFileValidationEnabled":false,)"
                        R"("IsOrganizationTrail":false}})",
                        kArn));
  EXPECT_EQ(trail(),
            fmt::format(R"({{"Trail":{{"Name":"first","S3BucketName":"audit",)"
                        R"("IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":false,)"
                        R"("TrailARN":"{}","LogFileValidationEnabled":false,)"
                        R"("IsOrganizationTrail":false,"HomeRegion":"us-east-1",)"
                        R"("HasCustomEventSelectors":false,"HasInsightSelectors":false}}}})",
                        kArn));
  EXPECT_NE(store_->find("first")->sink, 0U);
  EXPECT_EQ(store_->find("first")->created_milliseconds, kNow);
  EXPECT_THAT(delivery_.asked_, ElementsAre("audit/"));
}

TEST_F(TrailOperations, EverySettingIsShown) {
  const std::string answer =
      succeed("CreateTrail",
              fmt::format(R"({{"Name":"first","S3BucketName":"audit","S3KeyPrefix":"/a/b/",)"
                          R"("EnableLogFileValidation":true,"IsMultiRegionTrail":true,)"
                          R"("CloudWatchLogsLogGroupArn":"{}","CloudWatchLogsRoleArn":"{}",)"
                          R"("KmsKeyId":"alias/k","IsOrganizationTrail":false,"SnsTopicName":"",)"
                          R"("TagsList":[{{"Key":"team","Value":"a"}}]}})",
                          kGroup, kRole));
  for (const std::string& part :
       {std::string(R"("S3KeyPrefix":"a/b")"), std::string(R"("LogFileValidationEnabled":true)"),
        std::string(R"("IsMultiRegionTrail":true)"),
        fmt::format(R"("CloudWatchLogsLogGroupArn":"{}")", kGroup),
        fmt::format(R"("CloudWatchLogsRoleArn":"{}")", kRole),
        std::string(R"("KmsKeyId":"arn:aws:kms:us-east-1:000000000000:alias/k")")}) {
    EXPECT_THAT(answer, HasSubstr(part));
    EXPECT_THAT(trail(), HasSubstr(part));
  }
  EXPECT_THAT(delivery_.asked_, ElementsAre("audit/a/b"));
  EXPECT_EQ(store_->find("first")->tags.at("team"), "a");
}

struct Bad {
  const char* members;  // of CreateTrail beside name and bucket
  ErrorCode code;
  const char* message;
};
const Bad kBadSettings[] = {
    {R"("S3BucketName":"Audit")", ErrorCode::kInvalidS3BucketNameException, "S3 bucket name"},
    {R"("S3BucketName":"other")", ErrorCode::kS3BucketDoesNotExistException, "does not exist"},
    {R"("S3KeyPrefix":"a//b")", ErrorCode::kInvalidS3PrefixException, "S3 prefix"},
    {R"("S3KeyPrefix":"../b")", ErrorCode::kInvalidS3PrefixException, "S3 prefix"},
    {R"("SnsTopicName":"topic")", ErrorCode::kInvalidSnsTopicNameException, "not supported"},
    {R"("IsOrganizationTrail":true)", ErrorCode::kUnsupportedOperationException, "not supported"},
    {R"("KmsKeyId":"key")", ErrorCode::kInvalidKmsKeyIdException, "KmsKeyId"},
    {R"("IsMultiRegionTrail":true,"IncludeGlobalServiceEvents":false)",
     ErrorCode::kInvalidParameterCombinationException,
     "Multi-Region trail must include global service events."},
    {R"("CloudWatchLogsLogGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:audit:*")",
     ErrorCode::kInvalidCloudWatchLogsRoleArnException, "role ARN as well"},
    {R"("CloudWatchLogsRoleArn":"arn:aws:iam::000000000000:role/r")",
     ErrorCode::kInvalidCloudWatchLogsLogGroupArnException, "log group as well"},
    {R"("CloudWatchLogsRoleArn":"role")", ErrorCode::kInvalidCloudWatchLogsRoleArnException,
     "role ARN"},
    {R"("CloudWatchLogsLogGroupArn":"audit")",
     ErrorCode::kInvalidCloudWatchLogsLogGroupArnException, "log group ARN"},
    {R"("CloudWatchLogsLogGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:audit")",
     ErrorCode::kInvalidCloudWatchLogsLogGroupArnException, "log group ARN"},
    {R"("CloudWatchLogsLogGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:none:*",
        "CloudWatchLogsRoleArn":"arn:aws:iam::000000000000:role/r")",
     ErrorCode::kInvalidCloudWatchLogsLogGroupArnException, "no such group"},
};

TEST_F(TrailOperations, BadSettingsAreRefused) {
  for (const Bad& bad : kBadSettings) {
    const std::string_view bucket =
        std::string_view(bad.members).find("S3BucketName") == std::string_view::npos
            ? R"("S3BucketName":"audit",)"
            : "";
    refuse("CreateTrail", fmt::format(R"({{"Name":"first",{}{}}})", bucket, bad.members), bad.code,
           bad.message);
  }
  refuse("CreateTrail",
         fmt::format(R"({{"Name":"first","S3BucketName":"audit","S3KeyPrefix":"{}"}})",
                     std::string(201, 'a')),
         ErrorCode::kInvalidS3PrefixException, "200 characters");
  refuse("CreateTrail", R"({"Name":"a","S3BucketName":"audit"})",
         ErrorCode::kInvalidTrailNameException, "too short");
  refuse("CreateTrail", fmt::format(R"({{"Name":"{}","S3BucketName":"audit"}})", kArn),
         ErrorCode::kInvalidTrailNameException, "can only contain");
  refuse("CreateTrail", R"({"Name":"first"})", ErrorCode::kValidationException, "'s3BucketName'");
  EXPECT_TRUE(store_->trails().empty());
}

TEST_F(TrailOperations, TrailsAreFewAndHaveDifferentNames) {
  create("first");
  refuse("CreateTrail", R"({"Name":"first","S3BucketName":"audit"})",
         ErrorCode::kTrailAlreadyExistsException,
         "Trail first already exists for customer: 000000000000");
  for (const char* name : {"two", "three", "four", "five"}) create(name);
  refuse("CreateTrail", R"({"Name":"six","S3BucketName":"audit"})",
         ErrorCode::kMaximumNumberOfTrailsExceededException,
         "User: 000000000000 already has 5 trails in us-east-1.");
}

TEST_F(TrailOperations, ATrailThatComesBetweenIsNotReplaced) {
  delivery_.before_answer_ = [this] { create("first"); };
  refuse("CreateTrail", R"({"Name":"first","S3BucketName":"audit-two"})",
         ErrorCode::kTrailAlreadyExistsException);
  EXPECT_EQ(store_->find("first")->bucket, "audit");
}

TEST_F(TrailOperations, AnUpdateChangesWhatItNames) {
  create("first");
  const SinkId sink = store_->find("first")->sink;
  succeed("UpdateTrail", fmt::format(R"({{"Name":"{}","S3KeyPrefix":"p",)"
                                     R"("CloudWatchLogsLogGroupArn":"{}",)"
                                     R"("CloudWatchLogsRoleArn":"{}"}})",
                                     kArn, kGroup, kRole));
  const std::string answer =
      succeed("UpdateTrail", R"({"Name":"first","EnableLogFileValidation":true})");
  EXPECT_THAT(answer, AllOf(HasSubstr(R"("S3KeyPrefix":"p")"), HasSubstr(kGroup),
                            HasSubstr(R"("LogFileValidationEnabled":true)")));
  EXPECT_THAT(delivery_.asked_, ElementsAre("audit/", "audit/p", "audit/p"));
  // Empty texts take settings away.
  succeed("UpdateTrail", R"({"Name":"first","S3KeyPrefix":"","CloudWatchLogsLogGroupArn":"",)"
                         R"("CloudWatchLogsRoleArn":""})");
  EXPECT_THAT(trail(), AllOf(Not(HasSubstr("S3KeyPrefix")), Not(HasSubstr("CloudWatch"))));
  EXPECT_EQ(store_->find("first")->sink, sink);
}

TEST_F(TrailOperations, BadUpdatesLeaveTheTrail) {
  create("first");
  const TrailPointer before = store_->find("first");
  for (const Bad& bad : kBadSettings) {
    refuse("UpdateTrail", fmt::format(R"({{"Name":"first",{}}})", bad.members), bad.code,
           bad.message);
  }
  refuse("UpdateTrail", R"({"Name":"none"})", ErrorCode::kTrailNotFoundException,
         "Unknown trail: arn:aws:cloudtrail:us-east-1:000000000000:trail/none for the user: "
         "000000000000");
  EXPECT_EQ(*store_->find("first"), *before);
  // The combination is that of what is there already.
  succeed("UpdateTrail", R"({"Name":"first","IncludeGlobalServiceEvents":false})");
  refuse("UpdateTrail", R"({"Name":"first","IsMultiRegionTrail":true})",
         ErrorCode::kInvalidParameterCombinationException);
}

TEST_F(TrailOperations, ATrailThatGoesMeanwhileIsNotUpdated) {
  create("first");
  delivery_.before_answer_ = [this] { succeed("DeleteTrail", R"({"Name":"first"})"); };
  refuse("UpdateTrail", R"({"Name":"first","S3KeyPrefix":"p"})",
         ErrorCode::kTrailNotFoundException);
  EXPECT_TRUE(store_->trails().empty());
}

TEST_F(TrailOperations, EveryOneFindsTrailsByNameAndArn) {
  create("first");
  const std::pair<const char*, const char*> operations[] = {
      {"GetTrail", "Name"},    {"GetTrailStatus", "Name"}, {"StartLogging", "Name"},
      {"StopLogging", "Name"}, {"UpdateTrail", "Name"},    {"GetEventSelectors", "TrailName"},
      {"DeleteTrail", "Name"},
  };
  for (const auto& [operation, member] : operations) {
    const auto with = [name = member](std::string_view value) {
      return fmt::format(R"({{"{}":"{}"}})", name, value);
    };
    refuse(operation, with("none"), ErrorCode::kTrailNotFoundException, "Unknown trail");
    refuse(operation, with("a"), ErrorCode::kInvalidTrailNameException);
    refuse(operation, with("arn:aws:cloudtrail"), ErrorCode::kCloudTrailARNInvalidException);
    succeed(operation, with(kArn));
  }
}

TEST_F(TrailOperations, ListsAreByName) {
  EXPECT_EQ(succeed("ListTrails", "{}"), R"({"Trails":[]})");
  create("first");
  create("another");
  EXPECT_EQ(succeed("ListTrails", "{}"),
            R"({"Trails":[{"TrailARN":"arn:aws:cloudtrail:us-east-1:000000000000:trail/another",)"
            R"("Name":"another","HomeRegion":"us-east-1"},)"
            R"({"TrailARN":"arn:aws:cloudtrail:us-east-1:000000000000:trail/first",)"
            R"("Name":"first","HomeRegion":"us-east-1"}]})");
  refuse("ListTrails", R"({"NextToken":"x"})", ErrorCode::kInvalidTokenException);
  EXPECT_THAT(succeed("DescribeTrails", "{}"),
              AllOf(HasSubstr(R"("Name":"first")"), HasSubstr(R"("Name":"another")")));
  EXPECT_THAT(succeed("DescribeTrails", fmt::format(R"({{"trailNameList":["{}","none"],)"
                                                    R"("includeShadowTrails":false}})",
                                                    kArn)),
              AllOf(HasSubstr(R"("Name":"first")"), Not(HasSubstr(R"("Name":"another")"))));
  EXPECT_EQ(succeed("DescribeTrails", R"({"trailNameList":["none"]})"), R"({"trailList":[]})");
  refuse("DescribeTrails", R"({"trailNameList":["-"]})", ErrorCode::kInvalidTrailNameException);
}

TEST_F(TrailOperations, LoggingStartsAndStops) {
  create("first");
  EXPECT_EQ(succeed("GetTrailStatus", R"({"Name":"first"})"),
            R"({"IsLogging":false,"LatestDeliveryAttemptTime":"",)"
            R"("LatestNotificationAttemptTime":"","LatestNotificationAttemptSucceeded":"",)"
            R"("LatestDeliveryAttemptSucceeded":"","TimeLoggingStarted":"",)"
            R"("TimeLoggingStopped":""})");
  EXPECT_TRUE(coverage_.all_sinks().empty());
  EXPECT_EQ(succeed("StartLogging", R"({"Name":"first"})"), "{}");
  EXPECT_EQ(coverage_.all_sinks().size(), 1U);
  clock_.advance_microseconds(5'000'000);
  succeed("StartLogging", R"({"Name":"first"})");  // it does already
  EXPECT_EQ(store_->find("first")->start_logging_milliseconds, kNow);
  EXPECT_EQ(succeed("StopLogging", R"({"Name":"first"})"), "{}");
  clock_.advance_microseconds(5'000'000);
  succeed("StopLogging", R"({"Name":"first"})");
  EXPECT_TRUE(coverage_.all_sinks().empty());
  EXPECT_THAT(succeed("GetTrailStatus", R"({"Name":"first"})"),
              AllOf(HasSubstr(R"("StartLoggingTime":1763719200)"),
                    HasSubstr(R"("StopLoggingTime":1763719205)"),
                    HasSubstr(R"("TimeLoggingStarted":"2025-11-21T10:00:00Z")"),
                    HasSubstr(R"("TimeLoggingStopped":"2025-11-21T10:00:05Z")")));
}

TEST_F(TrailOperations, TheStatusTellsOfDelivery) {
  create("first");
  delivery_.status_ = {.latest_delivery_milliseconds = kNow,
                       .latest_delivery_attempt_milliseconds = kNow + 1500,
                       .latest_delivery_error = "NoSuchBucket",
                       .latest_digest_delivery_milliseconds = kNow + 2000,
                       .latest_digest_delivery_error = "AccessDenied",
                       .latest_log_group_delivery_milliseconds = kNow + 3000,
                       .latest_log_group_delivery_error = "ResourceNotFoundException"};
  EXPECT_THAT(succeed("GetTrailStatus", R"({"Name":"first"})"),
              AllOf(HasSubstr(R"("LatestDeliveryTime":1763719200)"),
                    HasSubstr(R"("LatestDeliveryError":"NoSuchBucket")"),
                    HasSubstr(R"("LatestDeliveryAttemptTime":"2025-11-21T10:00:01Z")"),
                    HasSubstr(R"("LatestDeliveryAttemptSucceeded":"2025-11-21T10:00:00Z")"),
                    HasSubstr(R"("LatestDigestDeliveryTime":1763719202)"),
                    HasSubstr(R"("LatestDigestDeliveryError":"AccessDenied")"),
                    HasSubstr(R"("LatestCloudWatchLogsDeliveryTime":1763719203)"),
                    HasSubstr(R"("LatestCloudWatchLogsDeliveryError":"ResourceNotFound)")));
}

TEST_F(TrailOperations, SelectorsReplaceEachOther) {
  create("first");
  const std::string basic =
      R"("EventSelectors":[{"ReadWriteType":"All","IncludeManagementEvents":true,)"
      R"("DataResources":[],"ExcludeManagementEventSources":[]}])";
  const std::string beginning = fmt::format(R"({{"TrailARN":"{}",)", kArn);
  EXPECT_EQ(succeed("GetEventSelectors", R"({"TrailName":"first"})"), beginning + basic + "}");
  const std::string advanced =
      R"("AdvancedEventSelectors":[{"FieldSelectors":[{"Field":"eventCategory",)"
      R"("Equals":["Data"]},{"Field":"resources.type","Equals":["AWS::DynamoDB::Table"]}]}])";
  EXPECT_EQ(succeed("PutEventSelectors", R"({"TrailName":"first",)" + advanced + "}"),
            beginning + advanced + "}");
  EXPECT_EQ(succeed("GetEventSelectors", R"({"TrailName":"first"})"), beginning + advanced + "}");
  EXPECT_THAT(trail(), HasSubstr(R"("HasCustomEventSelectors":true)"));
  EXPECT_EQ(succeed("PutEventSelectors",
                    fmt::format(R"({{"TrailName":"{}","EventSelectors":[{{}}]}})", kArn)),
            beginning + basic + "}");
  EXPECT_THAT(trail(), HasSubstr(R"("HasCustomEventSelectors":false)"));

  const ErrorCode code = ErrorCode::kInvalidEventSelectorsException;
  refuse("PutEventSelectors", R"({"TrailName":"first"})", code, "either");
  refuse("PutEventSelectors", R"({"TrailName":"first","EventSelectors":[{}],)" + advanced + "}",
         code, "either");
  refuse("PutEventSelectors", R"({"TrailName":"first","EventSelectors":[]})", code, "1 to 5");
  refuse("PutEventSelectors", R"({"TrailName":"none","EventSelectors":[{}]})",
         ErrorCode::kTrailNotFoundException);
  // What only event data stores may look at.
  refuse("PutEventSelectors",
         R"({"TrailName":"first","AdvancedEventSelectors":[{"FieldSelectors":[)"
         R"({"Field":"eventCategory","Equals":["Management"]},)"
         R"({"Field":"eventName","Equals":["CreateTable"]}]}]})",
         code, "eventName is not supported");
}

TEST_F(TrailOperations, TagsAreAddedAndRemoved) {
  create("first");
  for (const std::string_view arn : {kArn, kStore}) {
    const auto with = [&](std::string_view tags) {
      return fmt::format(R"({{"ResourceId":"{}","TagsList":[{}]}})", arn, tags);
    };
    const auto listed = [&] {
      return succeed("ListTags", fmt::format(R"({{"ResourceIdList":["{}"]}})", arn));
    };
    EXPECT_EQ(succeed("AddTags", with(R"({"Key":"a","Value":"1"},{"Key":"b"})")), "{}");
    succeed("AddTags", with(R"({"Key":"a","Value":"2"},{"Key":"c","Value":"3"})"));
    EXPECT_EQ(listed(), fmt::format(R"({{"ResourceTagList":[{{"ResourceId":"{}","TagsList":[)"
                                    R"({{"Key":"a","Value":"2"}},{{"Key":"b","Value":""}},)"
                                    R"({{"Key":"c","Value":"3"}}]}}]}})",
                                    arn));
    EXPECT_EQ(
        succeed("RemoveTags", with(R"({"Key":"a"},{"Key":"b","Value":"other"},{"Key":"none"})")),
        "{}");
    EXPECT_THAT(listed(), AllOf(Not(HasSubstr(R"("a")")), HasSubstr(R"("b")")));
    std::string many;
    for (int i = 0; i < 49; ++i) many += fmt::format(R"({{"Key":"k{}"}},)", i);
    many.pop_back();
    refuse("AddTags", with(many), ErrorCode::kTagsLimitExceededException, "50");
    EXPECT_THAT(listed(), Not(HasSubstr("k0")));
    refuse("AddTags", with(R"({"Key":"aws:a"})"), ErrorCode::kInvalidTagParameterException);
    refuse("AddTags", with(R"({"Key":"a?"})"), ErrorCode::kInvalidTagParameterException);
    refuse("AddTags", with(R"({"Key":"a"},{"Key":"a"})"), ErrorCode::kInvalidTagParameterException,
           "more than once");
  }
}

TEST_F(TrailOperations, TagsAreOfThingsThatAreThere) {
  const auto refuse_all = [&](std::string_view arn, ErrorCode code) {
    refuse("AddTags", fmt::format(R"({{"ResourceId":"{}","TagsList":[]}})", arn), code);
    refuse("RemoveTags", fmt::format(R"({{"ResourceId":"{}","TagsList":[]}})", arn), code);
    refuse("ListTags", fmt::format(R"({{"ResourceIdList":["{}"]}})", arn), code);
  };
  refuse_all("first", ErrorCode::kCloudTrailARNInvalidException);
  refuse_all(kArn, ErrorCode::kResourceNotFoundException);
  refuse_all(std::string(kStore) + "x", ErrorCode::kEventDataStoreNotFoundException);
  refuse_all("arn:aws:cloudtrail:us-east-1:000000000000:channel/a",
             ErrorCode::kResourceTypeNotSupportedException);
  refuse("ListTags", R"({"ResourceIdList":[]})", ErrorCode::kInvalidParameterException);
  refuse("ListTags", fmt::format(R"({{"ResourceIdList":["{}"],"NextToken":"x"}})", kStore),
         ErrorCode::kInvalidTokenException);
  operations_ = trail_operations({*store_, delivery_, site_, clock_, random_, nullptr});
  refuse_all(kStore, ErrorCode::kResourceTypeNotSupportedException);
}

TEST_F(TrailOperations, TagsOfANewTrailAreChecked) {
  refuse("CreateTrail", R"({"Name":"first","S3BucketName":"audit","TagsList":[{"Key":"aws:a"}]})",
         ErrorCode::kInvalidTagParameterException);
  std::string many;
  for (int i = 0; i < 51; ++i) many += fmt::format(R"({{"Key":"k{}"}},)", i);
  many.pop_back();
  refuse("CreateTrail",
         fmt::format(R"({{"Name":"first","S3BucketName":"audit","TagsList":[{}]}})", many),
         ErrorCode::kTagsLimitExceededException);
}

TEST_F(TrailOperations, ThereAreNoInsights) {
  create("first");
  refuse("GetInsightSelectors", R"({"TrailName":"first"})", ErrorCode::kInsightNotEnabledException);
  EXPECT_EQ(succeed("PutInsightSelectors", R"({"TrailName":"first","InsightSelectors":[]})"),
            fmt::format(R"({{"TrailARN":"{}","InsightSelectors":[]}})", kArn));
  refuse("PutInsightSelectors",
         R"({"TrailName":"first","InsightSelectors":[{"InsightType":"ApiCallRateInsight"}]})",
         ErrorCode::kUnsupportedOperationException, "not supported");
  refuse("GetInsightSelectors", "{}", ErrorCode::kInvalidParameterCombinationException);
  refuse("GetInsightSelectors", fmt::format(R"({{"EventDataStore":"{}"}})", kStore),
         ErrorCode::kUnsupportedOperationException);
  refuse("GetInsightSelectors", R"({"TrailName":"none"})", ErrorCode::kTrailNotFoundException);
}

}  // namespace
}  // namespace millrace::audit
