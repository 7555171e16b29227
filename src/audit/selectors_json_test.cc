#include "audit/selectors_json.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace millrace::audit {
namespace {

using testing::HasSubstr;

constexpr std::string_view kMusic = "arn:aws:dynamodb:us-east-1:000000000000:table/Music";

Result<std::vector<BasicSelector>> read_basic(std::string_view text) {
  const auto document = TRY(json::Document::parse(text));
  return read_basic_selectors(json::Array(document.root()));
}
Result<std::vector<AdvancedSelector>> read_advanced(std::string_view text,
                                                    SelectorOwner owner = SelectorOwner::kTrail) {
  const auto document = TRY(json::Document::parse(text));
  return read_advanced_selectors(json::Array(document.root()), owner);
}
// A selector of these fields, JSON objects with commas between.
Result<std::vector<AdvancedSelector>> read_fields(std::string_view fields,
                                                  SelectorOwner owner = SelectorOwner::kTrail) {
  return read_advanced(fmt::format(R"([{{"FieldSelectors":[{}]}}])", fields), owner);
}
std::string data_and(std::string_view field) {
  return fmt::format(R"({{"Field":"eventCategory","Equals":["Data"]}},
      {{"Field":"resources.type","Equals":["AWS::DynamoDB::Table"]}},{})",
                     field);
}
std::string management_and(std::string_view field) {
  return fmt::format(R"({{"Field":"eventCategory","Equals":["Management"]}},{})", field);
}

template <typename T>
void expect_refused(const Result<T>& result, std::string_view part) {
  ASSERT_FALSE(result.ok()) << part;
  EXPECT_EQ(result.error().code, ErrorCode::kInvalidEventSelectorsException);
  EXPECT_THAT(result.error().message, HasSubstr(std::string(part)));
}

TEST(SelectorsJson, BasicOnesHaveDefaults) {
  const auto read = read_basic("[{}]");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(Selectors{.basic = *read}, default_selectors());
}

TEST(SelectorsJson, BasicOnesReadBack) {
  const std::string text = fmt::format(
      R"([{{"ReadWriteType":"WriteOnly","IncludeManagementEvents":false,"DataResources":[)"
      R"({{"Type":"AWS::DynamoDB::Table","Values":["{}"]}},)"
      R"({{"Type":"AWS::Lambda::Function","Values":["arn:aws:lambda"]}}],)"
      R"("ExcludeManagementEventSources":["kms.amazonaws.com"]}}])",
      kMusic);
  const auto read = read_basic(text);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->front().read_write_type, ReadWriteType::kWriteOnly);
  std::string out;
  json::Writer writer(out);
  write_basic_selectors(writer, *read);
  EXPECT_EQ(out, text);
}

TEST(SelectorsJson, AdvancedOnesReadBack) {
  const std::string text =
      R"([{"Name":"all operators","FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},)"
      R"({"Field":"resources.type","Equals":["AWS::DynamoDB::Stream"]},)"
      R"({"Field":"eventName","Equals":["a"],"StartsWith":["b","c"],"EndsWith":["d"],)"
      R"("NotEquals":["e"],"NotStartsWith":["f"],"NotEndsWith":["g"]}]}])";
  const auto read = read_advanced(text);
  ASSERT_TRUE(read.ok()) << read.error().message;
  std::string out;
  json::Writer writer(out);
  write_advanced_selectors(writer, *read);
  EXPECT_EQ(out, text);
}

TEST(SelectorsJson, BasicOnesAreBounded) {
  expect_refused(read_basic("[]"), "(1 to 5)");
  EXPECT_TRUE(read_basic("[{},{},{},{},{}]").ok());
  expect_refused(read_basic("[{},{},{},{},{},{}]"), "(1 to 5)");
  const auto with_values = [](size_t count) {
    std::string values;
    for (size_t i = 0; i < count; ++i) values += fmt::format(R"("{}{}",)", kMusic, i);
    values.pop_back();
    return fmt::format(R"([{{"DataResources":[{{"Type":"AWS::DynamoDB::Table","Values":[{}]}}]}}])",
                       values);
  };
  EXPECT_TRUE(read_basic(with_values(250)).ok());
  expect_refused(read_basic(with_values(251)), "Specify a valid number of DataResources.Values");
}

TEST(SelectorsJson, BasicOnesNameWhatThereIs) {
  const auto of_resource = [](std::string_view type, std::string_view value) {
    return read_basic(
        fmt::format(R"([{{"DataResources":[{{"Type":"{}","Values":["{}"]}}]}}])", type, value));
  };
  EXPECT_TRUE(of_resource("AWS::DynamoDB::Table", "arn:aws:dynamodb").ok());
  EXPECT_TRUE(
      of_resource("AWS::Lambda::Function", "arn:aws:lambda:us-east-1:000000000000:function:resize")
          .ok());
  expect_refused(of_resource("AWS::S3::Object", "arn:aws:s3"),
                 "Value AWS::S3::Object for DataResources.Type is invalid.");
  expect_refused(of_resource("AWS::DynamoDB::Stream", "arn:aws:dynamodb"), "DataResources.Type");
  for (const std::string_view value :
       {"Music", "arn:aws:dynamodb:*", "arn:aws:lambda",
        "arn:aws:dynamodb:us-east-1:000000000000:table/Music/stream/1"}) {
    expect_refused(of_resource("AWS::DynamoDB::Table", value),
                   fmt::format("Value {} for DataResources.Values is invalid.", value));
  }
  expect_refused(of_resource("AWS::Lambda::Function",
                             "arn:aws:lambda:us-east-1:000000000000:function:resize:live"),
                 "DataResources.Values");
  expect_refused(read_basic(R"([{"ExcludeManagementEventSources":["s3.amazonaws.com"]}])"),
                 "ExcludeManagementEventSources");
}

TEST(SelectorsJson, OtherJsonIsRefused) {
  for (const std::string_view text :
       {R"([1])", R"([{"ReadWriteType":"Some"}])", R"([{"DataResources":{}}])",
        R"([{"DataResources":[{"Type":1}]}])", R"([{"IncludeManagementEvents":"perhaps"}])"}) {
    expect_refused(read_basic(text), "malformed");
  }
  for (const std::string_view text : {R"(["a"])", R"([{"FieldSelectors":[[]]}])",
                                      R"([{"FieldSelectors":[{"Field":"a","Equals":"b"}]}])"}) {
    expect_refused(read_advanced(text), "malformed");
  }
}

TEST(SelectorsJson, AdvancedOnesNeedACategory) {
  expect_refused(read_advanced("[]"), "at least one");
  expect_refused(read_advanced(R"([{"FieldSelectors":[]}])"), "eventCategory is required");
  expect_refused(read_fields(R"({"Field":"readOnly","Equals":["true"]})"),
                 "eventCategory is required");
  expect_refused(read_fields(R"({"Field":"eventCategory","Equals":["NetworkActivity"]})"),
                 "Value NetworkActivity");
  expect_refused(read_fields(R"({"Field":"eventCategory","Equals":["Insight"]})",
                             SelectorOwner::kEventDataStore),
                 "Value Insight");
  expect_refused(read_fields(R"({"Field":"eventCategory","Equals":["Data","Management"]})"),
                 "exactly one value");
  expect_refused(read_fields(R"({"Field":"eventCategory","NotEquals":["Data"]})"),
                 "supports only the operator Equals.");
}

TEST(SelectorsJson, DataNeedsAType) {
  expect_refused(read_fields(R"({"Field":"eventCategory","Equals":["Data"]})"),
                 "resources.type is required");
  const auto of_type = [](std::string_view type) {
    return read_fields(fmt::format(R"({{"Field":"eventCategory","Equals":["Data"]}},
        {{"Field":"resources.type","Equals":["{}"]}})",
                                   type));
  };
  EXPECT_TRUE(of_type("AWS::DynamoDB::Table").ok());
  EXPECT_TRUE(of_type("AWS::DynamoDB::Stream").ok());
  EXPECT_TRUE(of_type("AWS::Lambda::Function").ok());
  expect_refused(of_type("AWS::S3::Object"), "Value AWS::S3::Object");
  expect_refused(of_type(R"(AWS::DynamoDB::Table","AWS::DynamoDB::Stream)"), "exactly one value");
}

TEST(SelectorsJson, FieldsOfDataAreChecked) {
  const std::string good[] = {
      R"({"Field":"readOnly","Equals":["true"]})",
      R"({"Field":"eventSource","NotEndsWith":["a"],"StartsWith":["b"]})",
      R"({"Field":"eventType","NotEquals":["AwsServiceEvent"]})",
      R"({"Field":"userIdentity.arn","EndsWith":["HumanRole"]})",
      R"({"Field":"sessionCredentialFromConsole","NotEquals":["true"]})",
      R"({"Field":"resources.ARN","StartsWith":["arn:aws:dyn"]})",
      fmt::format(R"({{"Field":"resources.ARN","Equals":["{}"]}})", kMusic),
  };
  for (const std::string& field : good) {
    const auto read = read_fields(data_and(field));
    EXPECT_TRUE(read.ok()) << read.error().message;
  }
  const std::pair<std::string, std::string> bad[] = {
      {R"({"Field":"errorCode","Equals":["a"]})", "errorCode is not supported"},
      {R"({"Field":"eventName"})", "must have an operator"},
      {R"({"Field":"readOnly","Equals":["yes"]})", "Value yes for the field readOnly"},
      {R"({"Field":"readOnly","NotEquals":["true"]})", "only the operator Equals."},
      {R"({"Field":"resources.type","Equals":["AWS::DynamoDB::Stream"]})", "more than once"},
      {R"({"Field":"sessionCredentialFromConsole","StartsWith":["t"]})",
       "operators Equals and NotEquals."},
      {R"({"Field":"sessionCredentialFromConsole","NotEquals":["1"]})", "Value 1"},
      {R"({"Field":"resources.ARN","Equals":["Music"]})", "not the ARN"},
      {R"({"Field":"resources.ARN","NotEquals":["arn:aws:dynamodb"]})", "not the ARN"},
  };
  for (const auto& [field, message] : bad) expect_refused(read_fields(data_and(field)), message);
}

TEST(SelectorsJson, FieldsOfManagementAreFewForTrails) {
  const std::string exclusion =
      R"({"Field":"eventSource","NotEquals":["kms.amazonaws.com","rdsdata.amazonaws.com"]})";
  EXPECT_TRUE(read_fields(management_and(exclusion)).ok());
  EXPECT_TRUE(read_fields(management_and(R"({"Field":"readOnly","Equals":["false"]})")).ok());
  expect_refused(read_fields(management_and(R"({"Field":"eventSource","NotEquals":["a"]})")),
                 "Value a");
  expect_refused(read_fields(management_and(R"({"Field":"eventSource","Equals":["a"]})")),
                 "only the operator NotEquals");
  for (const std::string_view field :
       {"eventName", "eventType", "userIdentity.arn", "sessionCredentialFromConsole"}) {
    const std::string text =
        management_and(fmt::format(R"({{"Field":"{}","Equals":["true"]}})", field));
    expect_refused(read_fields(text), "not supported for the event category Management");
    EXPECT_TRUE(read_fields(text, SelectorOwner::kEventDataStore).ok()) << field;
  }
  const std::string source = management_and(R"({"Field":"eventSource","Equals":["a"]})");
  EXPECT_TRUE(read_fields(source, SelectorOwner::kEventDataStore).ok());
  expect_refused(read_fields(management_and(R"({"Field":"resources.ARN","StartsWith":["a"]})"),
                             SelectorOwner::kEventDataStore),
                 "not supported");
}

TEST(SelectorsJson, ConditionsAreBounded) {
  const auto with_values = [](size_t count) {
    std::string values;
    for (size_t i = 0; i < count; ++i) values += R"("a",)";
    values.pop_back();
    return read_fields(data_and(fmt::format(R"({{"Field":"eventName","Equals":[{}]}})", values)));
  };
  EXPECT_TRUE(with_values(498).ok());
  expect_refused(with_values(499), "at most 500 values");
}

}  // namespace
}  // namespace millrace::audit
