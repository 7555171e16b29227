#include <fmt/format.h>
#include <gmock/gmock.h>

#include "api/shapes.h"
#include "api/validate.h"

namespace millrace::api {
namespace {

std::string check(std::string_view shape, std::string_view text) {
  const json::Document document = std::move(json::Document::parse(text)).value();
  const Shape* found = find_shape("dynamodb", shape);
  if (found == nullptr) found = find_shape("dynamodbstreams", shape);
  const auto status = check_constraints(*found, document.root());
  if (status.ok()) return "";
  EXPECT_EQ(status.error().code, ErrorCode::kValidationException);
  return status.error().message;
}

struct Violation {
  std::string value;
  std::string path;
  std::string constraint;
};

std::string violations(const std::vector<Violation>& list) {
  std::string text =
      fmt::format("{} validation error{} detected: ", list.size(), list.size() == 1 ? "" : "s");
  for (const auto& [value, path, constraint] : list) {
    if (!text.ends_with(": ")) text += "; ";
    text +=
        fmt::format("Value {} at '{}' failed to satisfy constraint: {}", value, path, constraint);
  }
  return text;
}

const std::string kNull = "Member must not be null";
const std::string kNamePattern = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";

std::string at_least(std::string_view what, int count) {
  return fmt::format("Member must have {} greater than or equal to {}", what, count);
}
std::string at_most(std::string_view what, int count) {
  return fmt::format("Member must have {} less than or equal to {}", what, count);
}
std::string one_of(std::string_view values) {
  return fmt::format("Member must satisfy enum value set: [{}]", values);
}

TEST(CheckConstraints, OfTableNames) {
  const std::string long_name(256, 'a');
  const std::string item = R"(,"Item":{"a":{"S":""}}})";
  EXPECT_EQ(check("PutItemInput", "{\"Item\":{}}"), violations({{"null", "tableName", kNull}}));
  EXPECT_EQ(check("PutItemInput", R"({"TableName":"")" + item),
            violations({{"''", "tableName", at_least("length", 1)}}));
  EXPECT_EQ(check("PutItemInput", R"({"TableName":"ab")" + item),
            violations({{"'ab'", "tableName", at_least("length", 3)}}));
  EXPECT_EQ(check("PutItemInput", R"({"TableName":"bad table!@#")" + item),
            violations({{"'bad table!@#'", "tableName", kNamePattern}}));
  EXPECT_EQ(check("PutItemInput", R"({"TableName":")" + long_name + "\"" + item),
            violations({{"'" + long_name + "'", "tableName", at_most("length", 255)}}));
  EXPECT_EQ(check("PutItemInput", R"({"TableName":"x!")" + item),
            violations({{"'x!'", "tableName", kNamePattern},
                        {"'x!'", "tableName", at_least("length", 3)}}));
  EXPECT_EQ(check("PutItemInput", R"({"TableName":"abc")" + item), "");
  const std::string arn = "arn:aws:dynamodb:us-east-1:000000000000:table/" + long_name;
  EXPECT_EQ(check("PutItemInput", R"({"TableName":")" + arn + "\"" + item), "");
  const std::string long_arn = "arn:" + std::string(1021, 'a');
  EXPECT_EQ(check("PutItemInput", R"({"TableName":")" + long_arn + "\"" + item),
            violations({{"'" + long_arn + "'", "tableName", at_most("length", 1024)}}));
}

TEST(CheckConstraints, ReportsABadTableNameAlone) {
  EXPECT_EQ(check("PutItemInput", R"({"TableName":"","ReturnValues":"x"})"),
            violations({{"''", "tableName", at_least("length", 1)}}));
  EXPECT_EQ(check("CreateTableInput", R"({"TableName":"","KeySchema":[]})"),
            violations({{"''", "tableName", at_least("length", 1)}}));
}

TEST(CheckConstraints, OfTableOperationsNeedATableName) {
  for (const std::string_view shape :
       {"CreateTableInput", "DescribeTableInput", "UpdateTableInput", "DeleteTableInput"}) {
    for (const std::string_view text : {"{}", "null", R"({"TableName":null,"KeySchema":[]})"}) {
      EXPECT_EQ(check(shape, text),
                "The parameter 'TableName' is required but was not present in the request");
    }
    EXPECT_EQ(check(shape, R"({"TableName":"ab"})"),
              violations({{"'ab'", "tableName", at_least("length", 3)}}));
  }
}

TEST(CheckConstraints, ReportsAllInTheServicesOrder) {
  EXPECT_EQ(
      check("PutItemInput",
            R"({"TableName":"abc","ReturnConsumedCapacity":"hi","ReturnItemCollectionMetrics":"hi",
                      "ReturnValues":"hi"})"),
      violations(
          {{"'hi'", "returnConsumedCapacity", one_of("INDEXES, TOTAL, NONE")},
           {"null", "item", kNull},
           {"'hi'", "returnValues", one_of("ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW")},
           {"'hi'", "returnItemCollectionMetrics", one_of("SIZE, NONE")}}));
  EXPECT_EQ(check("UpdateItemInput", "{}"),
            violations({{"null", "tableName", kNull}, {"null", "key", kNull}}));
}

TEST(CheckConstraints, OfCreateTable) {
  const std::string start = R"({"TableName":"abc","AttributeDefinitions":[],)";
  EXPECT_EQ(check("CreateTableInput", R"({"TableName":"abc"})"),
            violations({{"null", "attributeDefinitions", kNull}, {"null", "keySchema", kNull}}));
  EXPECT_EQ(check("CreateTableInput", start + R"("KeySchema":[],"BillingMode":"A",
                  "ProvisionedThroughput":{"ReadCapacityUnits":-1,"WriteCapacityUnits":0.5}})"),
            violations({{"'A'", "billingMode", one_of("PROVISIONED, PAY_PER_REQUEST")},
                        {"'0'", "provisionedThroughput.writeCapacityUnits", at_least("value", 1)},
                        {"'-1'", "provisionedThroughput.readCapacityUnits", at_least("value", 1)},
                        {"'[]'", "keySchema", at_least("length", 1)}}));
  EXPECT_EQ(
      check("CreateTableInput", start + R"("KeySchema":[{"KeyType":"HASH"},{"AttributeName":"a"},
                  {"KeyType":"Woop","AttributeName":"a"}]})"),
      violations({{"'[KeySchemaElement(attributeName=null, keyType=HASH), "
                   "KeySchemaElement(attributeName=a, keyType=null), "
                   "KeySchemaElement(attributeName=a, keyType=Woop)]'",
                   "keySchema", at_most("length", 2)},
                  {"null", "keySchema.1.member.attributeName", kNull},
                  {"null", "keySchema.2.member.keyType", kNull},
                  {"'Woop'", "keySchema.3.member.keyType", one_of("HASH, RANGE")}}));
  EXPECT_EQ(
      check("CreateTableInput",
            R"({"TableName":"abc","KeySchema":[{"KeyType":"HASH","AttributeName":"a"}],
                  "AttributeDefinitions":[{"AttributeName":"a","AttributeType":"SS"}]})"),
      violations({{"'SS'", "attributeDefinitions.1.member.attributeType", one_of("B, N, S")}}));
}

TEST(CheckConstraints, OfIndexes) {
  const std::string start =
      R"({"TableName":"abc","AttributeDefinitions":[],"KeySchema":[{"KeyType":"HASH","AttributeName":"a"}],)";
  EXPECT_EQ(
      check("CreateTableInput", start + R"("LocalSecondaryIndexes":[{"IndexName":"abc","KeySchema":
                  [{"KeyType":"HASH","AttributeName":"a"}],
                  "Projection":{"ProjectionType":"abc","NonKeyAttributes":[]}}]})"),
      violations({{"'abc'", "localSecondaryIndexes.1.member.projection.projectionType",
                   one_of("ALL, INCLUDE, KEYS_ONLY")},
                  {"'[]'", "localSecondaryIndexes.1.member.projection.nonKeyAttributes",
                   at_least("length", 1)}}));
  EXPECT_EQ(check("CreateTableInput", start + R"("LocalSecondaryIndexes":[{}]})"),
            violations({{"null", "localSecondaryIndexes.1.member.projection", kNull},
                        {"null", "localSecondaryIndexes.1.member.indexName", kNull},
                        {"null", "localSecondaryIndexes.1.member.keySchema", kNull}}));
  EXPECT_EQ(
      check("UpdateTableInput", R"({"TableName":"abc","GlobalSecondaryIndexUpdates":[{},{"Update":
                  {"IndexName":"a;","ProvisionedThroughput":{"ReadCapacityUnits":1}}}]})"),
      violations(
          {{"'a;'", "globalSecondaryIndexUpdates.2.member.update.indexName", kNamePattern},
           {"'a;'", "globalSecondaryIndexUpdates.2.member.update.indexName", at_least("length", 3)},
           {"null",
            "globalSecondaryIndexUpdates.2.member.update.provisionedThroughput.writeCapacityUnits",
            kNull}}));
}

TEST(CheckConstraints, ReportsAtMostTen) {
  const std::string message =
      check("CreateTableInput", R"({"TableName":"abc","AttributeDefinitions":
      [{},{},{},{},{},{},{},{},{}],"KeySchema":[]})");
  EXPECT_THAT(message, ::testing::StartsWith("10 validation errors detected: "));
  EXPECT_THAT(message, ::testing::HasSubstr("attributeDefinitions.5.member.attributeType"));
  EXPECT_THAT(message, ::testing::Not(::testing::HasSubstr("attributeDefinitions.6")));
}

TEST(CheckConstraints, OfElements) {
  EXPECT_EQ(check("Projection", R"({"NonKeyAttributes":["a",")" + std::string(256, 'b') + "\"]}"),
            violations({{"'[a, " + std::string(256, 'b') + "]'", "nonKeyAttributes",
                         "Member must satisfy constraint: [Member must have length less than or "
                         "equal to 255, Member "
                         "must have length greater than or equal to 1]"}}));
  EXPECT_EQ(
      check("PutItemInput",
            R"({"TableName":"abc","Item":{},"Expected":{"a":{"ComparisonOperator":"X"}}})"),
      violations(
          {{"'X'", "expected.a.member.comparisonOperator",
            one_of(
                "IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, "
                "CONTAINS")}}));
  EXPECT_EQ(
      check("BatchWriteItemInput", R"({"RequestItems":{"tab":[]}})"),
      violations(
          {{"'{tab=[]}'", "requestItems",
            "Map value must satisfy constraint: [Member must have length less than or equal to 25, "
            "Member must have length greater than or equal to 1]"}}));
  EXPECT_EQ(check("BatchWriteItemInput", R"({"RequestItems":{"tab":[{"PutRequest":{}}]}})"),
            violations({{"null", "requestItems.tab.member.1.member.putRequest.item", kNull}}));
  EXPECT_THAT(
      check("BatchWriteItemInput",
            R"({"RequestItems":{"tab":[{"PutRequest":{"Item":{"a":{"S":"x"}}}}],"other":[]}})"),
      ::testing::ContainsRegex(
          "'.tab=.WriteRequest.putRequest=PutRequest.item=.a=com.amazonaws.dynamodb."
          "v20120810.AttributeValue@[0-9a-f]{8}.., deleteRequest=null.., other=..."));
}

TEST(CheckConstraints, CountsLengthsAsJavaDoes) {
  const auto name = [](std::string_view text, int count) {
    std::string repeated;
    for (int i = 0; i < count; ++i) repeated += text;
    return check("Projection", R"({"NonKeyAttributes":[")" + repeated + "\"]}");
  };
  EXPECT_EQ(name("€", 255), "");
  EXPECT_NE(name("€", 256), "");
  EXPECT_EQ(name("\U0001F600", 127), "");
  EXPECT_NE(name("\U0001F600", 128), "");
}

TEST(CheckConstraints, OfStreams) {
  EXPECT_EQ(
      check("GetShardIteratorInput", R"({"StreamArn":"a","ShardId":"b","ShardIteratorType":"X"})"),
      violations({{"'b'", "shardId", at_least("length", 28)},
                  {"'X'", "shardIteratorType",
                   one_of("AFTER_SEQUENCE_NUMBER, LATEST, AT_SEQUENCE_NUMBER, TRIM_HORIZON")},
                  {"'a'", "streamArn", at_least("length", 37)}}));
  EXPECT_EQ(check("GetRecordsInput", R"({"Limit":0})"),
            violations({{"'0'", "limit", at_least("value", 1)}, {"null", "shardIterator", kNull}}));
  EXPECT_EQ(check("ListTablesInput", R"({"Limit":101,"ExclusiveStartTableName":"a;"})"),
            violations({{"'a;'", "exclusiveStartTableName", kNamePattern},
                        {"'a;'", "exclusiveStartTableName", at_least("length", 3)},
                        {"'101'", "limit", at_most("value", 100)}}));
  EXPECT_EQ(check("ListStreamsInput", "{}"), "");
}

TEST(CheckConstraints, AcceptsValidRequests) {
  EXPECT_EQ(check("UpdateItemInput",
                  R"({"TableName":"t_.-9","Key":{"a":{"S":""}},"ReturnValues":"ALL_NEW",
      "UpdateExpression":"","ExpressionAttributeNames":{"#a":"a"},"ReturnConsumedCapacity":null})"),
            "");
}

}  // namespace
}  // namespace millrace::api
