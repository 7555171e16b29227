#include <gtest/gtest.h>

#include "audit/requests_testing.h"

namespace millrace::audit {
namespace {

class RequestParameters : public testing::Test {
 protected:
  DescribedRequests requests_;
};

constexpr const char* kItem =
    R"({"Artist":{"S":"No One"},"SongTitle":{"S":"Call \"Me\""},"Album":{"S":"secret"}})";

TEST_F(RequestParameters, PutItemTellsKeyAndNames) {
  EXPECT_EQ(requests_.parameters("PutItem", std::string(R"({"TableName":"Music","Item":)") + kItem +
                                                R"(,"ReturnConsumedCapacity":"TOTAL"})"),
            R"({"tableName":"Music","key":{"Artist":"No One","SongTitle":"Call \"Me\""},)"
            R"("item":["Artist","SongTitle","Album"],"returnConsumedCapacity":"TOTAL"})");
}

TEST_F(RequestParameters, AnUnknownTableHasNoKey) {
  EXPECT_EQ(requests_.parameters("PutItem", R"({"TableName":"none","Item":{"pk":{"S":"a"}}})"),
            R"({"tableName":"none","item":["pk"]})");
  EXPECT_EQ(requests_.parameters("GetItem", R"({"TableName":"none","Key":{"pk":{"S":"a"}}})"),
            R"({"tableName":"none"})");
}

TEST_F(RequestParameters, ATableMayBeNamedByItsArn) {
  EXPECT_EQ(
      requests_.parameters(
          "GetItem",
          R"({"Key":{"id":{"N":"7"},"x":{"S":"secret"}},"TableName":"arn:aws:dynamodb:us-west-2:111122223333:table/numbers"})"),
      R"({"tableName":"arn:aws:dynamodb:us-west-2:111122223333:table/numbers","key":{"id":"7"}})");
}

TEST_F(RequestParameters, UpdateItemTellsExpressionsAndNames) {
  EXPECT_EQ(requests_.parameters("UpdateItem", R"({
      "TableName":"numbers","Key":{"id":{"N":"1.50"}},"UpdateExpression":"SET #Y = :y",
      "ExpressionAttributeNames":{"#Y":"Year","#Y":"again"},
      "ExpressionAttributeValues":{":y":{"N":"1999"}},
      "ConditionExpression":"#Y <> :y","ReturnValues":"ALL_NEW"})"),
            R"({"tableName":"numbers","key":{"id":"1.50"},"updateExpression":"SET #Y = :y",)"
            R"("expressionAttributeNames":{"#Y":"Year"},"conditionExpression":"#Y <> :y",)"
            R"("returnValues":"ALL_NEW"})");
}

TEST_F(RequestParameters, LegacyConditionsAreToldWithoutValues) {
  EXPECT_EQ(requests_.parameters("DeleteItem", R"({"TableName":"numbers","Key":{"id":{"N":"1"}},
      "Expected":{"a":{"Exists":true,"Value":{"S":"secret"}},
                  "b":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"secret"}]}},
      "ConditionalOperator":"AND"})"),
            R"({"tableName":"numbers","key":{"id":"1"},"expected":{"a":{"exists":true},)"
            R"("b":{"comparisonOperator":"EQ"}},"conditionalOperator":"AND"})");
  EXPECT_EQ(requests_.parameters("UpdateItem", R"({"TableName":"numbers",
      "AttributeUpdates":{"a":{"Action":"PUT","Value":{"S":"secret"}}}})"),
            R"({"tableName":"numbers","attributeUpdates":{"a":{"action":"PUT"}}})");
}

TEST_F(RequestParameters, QueryTellsWhereItStarts) {
  EXPECT_EQ(
      requests_.parameters("Query", R"({"TableName":"Music","IndexName":"ByYear","Limit":5,
      "KeyConditionExpression":"#y = :y","ScanIndexForward":false,"Select":"COUNT",
      "ExclusiveStartKey":{"Album":{"S":"secret"},"Year":{"N":"1999"},"Artist":{"S":"a"},
                           "SongTitle":{"B":"AAE="}}})"),
      R"({"tableName":"Music","indexName":"ByYear","limit":5,"keyConditionExpression":"#y = :y",)"
      R"("scanIndexForward":false,"select":"COUNT",)"
      R"("exclusiveStartKey":{"Artist":"a","SongTitle":"AAE=","Year":"1999"}})");
}

TEST_F(RequestParameters, BatchesTellEachItem) {
  EXPECT_EQ(requests_.parameters("BatchGetItem", R"({"RequestItems":{"numbers":{
      "Keys":[{"id":{"N":"1"}},{"id":{"N":"2"}}],"ConsistentRead":true,"AttributesToGet":["a"]}}})"),
            R"({"requestItems":[{"operation":"Get","tableName":"numbers","key":{"id":"1"},)"
            R"("consistentRead":true,"attributesToGet":["a"]},)"
            R"({"operation":"Get","tableName":"numbers","key":{"id":"2"},)"
            R"("consistentRead":true,"attributesToGet":["a"]}]})");
  EXPECT_EQ(requests_.parameters("BatchWriteItem", R"({"ReturnItemCollectionMetrics":"SIZE",
      "RequestItems":{"numbers":[{"PutRequest":{"Item":{"id":{"N":"1"},"a":{"S":"secret"}}}},
                                 {"DeleteRequest":{"Key":{"id":{"N":"2"}}}}]}})"),
            R"({"requestItems":[{"operation":"Put","tableName":"numbers","key":{"id":"1"},)"
            R"("items":["id","a"]},{"operation":"Delete","tableName":"numbers","key":{"id":"2"}}],)"
            R"("returnItemCollectionMetrics":"SIZE"})");
}

TEST_F(RequestParameters, TransactionsTellEachItem) {
  EXPECT_EQ(
      requests_.parameters("TransactWriteItems", R"({"ClientRequestToken":"t","TransactItems":[
      {"Put":{"TableName":"numbers","Item":{"id":{"N":"1"},"a":{"S":"secret"}},
              "ReturnValuesOnConditionCheckFailure":"ALL_OLD"}},
      {"ConditionCheck":{"TableName":"numbers","Key":{"id":{"N":"2"}},
              "ConditionExpression":"a = :a","ExpressionAttributeValues":{":a":{"S":"secret"}}}}],
      "ReturnConsumedCapacity":"TOTAL"})"),
      R"({"requestItems":[{"operation":"Put","tableName":"numbers","key":{"id":"1"},)"
      R"("items":["id","a"],"returnValuesOnConditionCheckFailure":"ALL_OLD"},)"
      R"({"operation":"ConditionCheck","tableName":"numbers","key":{"id":"2"},)"
      R"("conditionExpression":"a = :a"}],"returnConsumedCapacity":"TOTAL"})");
  EXPECT_EQ(requests_.parameters("TransactGetItems", R"({"TransactItems":[
      {"Get":{"TableName":"numbers","Key":{"id":{"N":"2"}},"ProjectionExpression":"a"}}]})"),
            R"({"requestItems":[{"operation":"Get","tableName":"numbers","key":{"id":"2"},)"
            R"("projectionExpression":"a"}]})");
}

TEST_F(RequestParameters, StatementsAreRedacted) {
  EXPECT_EQ(requests_.parameters(
                "ExecuteStatement",
                R"({"Statement":"SELECT * FROM Music WHERE Artist = 'a' AND x = 's' AND y = ?",
      "Parameters":[{"S":"secret"}],"Limit":3,"NextToken":"secret"})"),
            R"({"statement":"SELECT * FROM Music WHERE Artist = 'a' AND x = ***(Redacted) AND)"
            R"( y = ?","limit":3})");
  EXPECT_EQ(requests_.parameters("BatchExecuteStatement", R"({"Statements":[
      {"Statement":"DELETE FROM numbers WHERE id = 5","ConsistentRead":true},
      {"Statement":"DELETE FROM none WHERE id = 5 "}]})"),
            R"({"requestItems":[{"statement":"DELETE FROM numbers WHERE id = 5",)"
            R"("consistentRead":true},)"
            R"j({"statement":"DELETE FROM none WHERE id = ***(Redacted)"}]})j");
  EXPECT_EQ(requests_.parameters("ExecuteTransaction", R"({"TransactStatements":[
      {"Statement":"UPDATE numbers SET a = 'x' WHERE id = 5"}],"ClientRequestToken":"t"})"),
            R"({"requestItems":[{"statement":)"
            R"("UPDATE numbers SET a = ***(Redacted) WHERE id = 5"}]})");
}

TEST_F(RequestParameters, StreamsAndInvocations) {
  EXPECT_EQ(
      requests_.parameters("GetRecords", R"({"ShardIterator":"abc","Limit":5})", "dynamodbstreams"),
      R"({"shardIterator":"abc","limit":5})");
  EXPECT_EQ(requests_.parameters("Invoke",
                                 R"({"FunctionName":"f","Qualifier":"2","ClientContext":"secret",
      "Payload":"secret"})",
                                 "lambda"),
            R"({"functionName":"f","qualifier":"2"})");
}

TEST_F(RequestParameters, TellsWhoseEventsWereLookedFor) {
  EXPECT_EQ(requests_.parameters("FindItemEvents",
                                 R"({"TableName":"numbers","Key":{"id":{"N":"7"}},"Limit":5})",
                                 "millrace"),
            R"({"tableName":"numbers","key":{"id":"7"},"limit":5})");
}

TEST_F(RequestParameters, ManagementEventsTellAllThatTheModelKnows) {
  EXPECT_EQ(requests_.parameters("CreateTable", R"({"Unknown":"secret",
      "SSESpecification":{"Enabled":true},"Tags":[{"Key":"K","Value":"v"}],
      "KeySchema":[{"AttributeName":"Artist","KeyType":"HASH"}],"TableName":"Music"})"),
            R"({"tableName":"Music","keySchema":[{"attributeName":"Artist","keyType":"HASH"}],)"
            R"("sSESpecification":{"enabled":true},"tags":[{"key":"K","value":"v"}]})");
  EXPECT_EQ(requests_.parameters("DescribeLimits", "{}"), "");
  EXPECT_EQ(requests_.parameters("LookupEvents", R"({"StartTime":1430696054,"MaxResults":7})",
                                 "cloudtrail"),
            R"({"maxResults":7,"startTime":"May 3, 2015 11:34:14 PM"})");
}

TEST_F(RequestParameters, FunctionsKeepCodeAndEnvironmentSecret) {
  EXPECT_EQ(requests_.parameters("CreateFunction",
                                 R"({"FunctionName":"f","Code":{"ZipFile":"secret"},
      "Environment":{"Variables":{"A":"secret"}},"Tags":{"Team":"Blue"}})",
                                 "lambda"),
            R"({"code":{},"environment":{},"functionName":"f","tags":{"Team":"Blue"}})");
  EXPECT_EQ(
      requests_.parameters("UpdateFunctionCode",
                           R"({"FunctionName":"f","ZipFile":"secret","Publish":true})", "lambda"),
      R"({"functionName":"f","publish":true})");
}

TEST_F(RequestParameters, WhatIsTooLargeIsOmitted) {
  const std::string omitted = R"({"omitted":true,"reason":"requestParameters too large"})";
  const std::string name(100 * 1024, 'n');
  EXPECT_EQ(requests_.parameters("GetItem", R"({"TableName":")" + name + R"("})"), omitted);
  std::string item;
  for (int i = 0; i < 20'000; ++i) {
    item += (i == 0 ? R"("a)" : R"(,"a)") + std::to_string(i) + R"(":{"S":""})";
  }
  EXPECT_EQ(requests_.parameters("PutItem", R"({"TableName":"Music","Item":{)" + item + "}}"),
            omitted);
  EXPECT_EQ(
      requests_.parameters("ExecuteStatement", R"({"Statement":"SELECT )" + name + R"( FROM t"})"),
      omitted);
}

TEST_F(RequestParameters, OddInputIsLeftOut) {
  EXPECT_EQ(requests_.parameters("PutItem", "[]"), "");
  EXPECT_EQ(requests_.parameters("PutItem", "{}"), "");
  EXPECT_EQ(requests_.parameters("PutItem", R"({"TableName":5,"Item":[1],"Expected":"x",
      "ReturnValues":{"S":"secret"},"ExpressionAttributeNames":{"#a":{"S":"secret"}}})"),
            R"({"expressionAttributeNames":{}})");
  EXPECT_EQ(requests_.parameters("GetItem", R"({"TableName":"numbers","Key":{"id":"secret"}})"),
            R"({"tableName":"numbers"})");
  EXPECT_EQ(
      requests_.parameters("GetItem", R"({"TableName":"numbers","Key":{"id":{"M":{"S":{}}}}})"),
      R"({"tableName":"numbers"})");
  EXPECT_EQ(requests_.parameters("BatchGetItem", R"({"RequestItems":{"a":5,"b":{"Keys":[5]}}})"),
            R"({"requestItems":[]})");
  EXPECT_EQ(requests_.parameters("TransactWriteItems", R"({"TransactItems":[5,{"Put":[]},{}]})"),
            R"({"requestItems":[]})");
  EXPECT_EQ(requests_.parameters("BatchExecuteStatement", R"({"Statements":[5,{"Statement":5}]})"),
            R"({"requestItems":[{}]})");
  EXPECT_EQ(requests_.parameters("CreateTable", R"({"KeySchema":{"a":1},"Tags":[5]})"),
            R"({"keySchema":null,"tags":[null]})");
}

TEST(ResponseElements, AreThoseOfManagementEventsThatWrite) {
  const auto elements = [](std::string_view model, std::string_view operation,
                           std::string_view response) {
    return response_elements(*find_request_kind(model, operation), response);
  };
  const std::string table =
      R"({"TableDescription":{"TableName":"Music","CreationDateTime":1430696054.5,"ItemCount":0}})";
  EXPECT_EQ(elements("dynamodb", "UpdateTable", table),
            R"({"tableDescription":{"tableName":"Music",)"
            R"("creationDateTime":"May 3, 2015 11:34:14 PM","itemCount":0}})");
  EXPECT_EQ(elements("dynamodb", "DescribeTable", table), "");
  EXPECT_EQ(elements("dynamodb", "PutItem", R"({"Attributes":{"a":{"S":"secret"}}})"), "");
  EXPECT_EQ(elements("dynamodb", "TagResource", "{}"), "");
  EXPECT_EQ(elements("dynamodb", "TagResource", ""), "");
  EXPECT_EQ(elements("lambda", "UpdateFunctionConfiguration",
                     R"({"Environment":{"Variables":{"A":"secret"}},"LastModified":"2026"})"),
            R"({"environment":{},"lastModified":"2026"})");
}

}  // namespace
}  // namespace millrace::audit
