#include <fmt/format.h>

#include "api/shapes.h"
#include "api/validate.h"

namespace millrace::api {
namespace {

Status check(std::string_view shape, std::string_view text) {
  const json::Document document = std::move(json::Document::parse(text)).value();
  const Shape* found = find_shape("dynamodb", shape);
  return check_types(*(found != nullptr ? found : find_shape("dynamodbstreams", shape)),
                     document.root());
}

struct Case {
  std::string value;
  std::string message;
};

const std::string kStructure = "Start of structure or map found where not expected";
const std::string kPackage = "com.amazonaws.dynamodb.v20120810.";
const std::string kCast =
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class "
    "java.lang.Class "
    "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in "
    "module java.base of "
    "loader 'bootstrap')";

// `request` has a {} where the value goes.
void expect_messages(std::string_view shape, std::string_view request,
                     const std::vector<Case>& cases) {
  const size_t hole = request.find("{}");
  ASSERT_NE(hole, std::string_view::npos);
  for (const auto& [value, message] : cases) {
    const std::string text =
        std::string(request.substr(0, hole)) + value + std::string(request.substr(hole + 2));
    const auto status = check(shape, text);
    ASSERT_FALSE(status.ok()) << text;
    EXPECT_EQ(status.error(), (Error{ErrorCode::kSerializationException, message})) << text;
  }
}

void expect_scalars(std::string_view shape, std::string_view request, const std::string& message) {
  std::vector<Case> cases;
  for (const std::string value :
       {"\"23\"", "true", "false", "23", "-2147483648", "2147483648", "34.56"}) {
    cases.push_back({value, message});
  }
  expect_messages(shape, request, cases);
}

void expect_string(std::string_view shape, std::string_view request) {
  expect_messages(shape, request,
                  {{"true", "TRUE_VALUE cannot be converted to String"},
                   {"false", "FALSE_VALUE cannot be converted to String"},
                   {"23", "NUMBER_VALUE cannot be converted to String"},
                   {"-2147483648", "NUMBER_VALUE cannot be converted to String"},
                   {"18446744073709551615", "NUMBER_VALUE cannot be converted to String"},
                   {"34.56", "DECIMAL_VALUE cannot be converted to String"},
                   {"[]", "Unrecognized collection type class java.lang.String"},
                   {"{}", kStructure}});
}

void expect_boolean(std::string_view shape, std::string_view request) {
  expect_messages(shape, request,
                  {{"\"23\"", "Unexpected token received from parser"},
                   {"23", "NUMBER_VALUE cannot be converted to Boolean"},
                   {"34.56", "DECIMAL_VALUE cannot be converted to Boolean"},
                   {"[]", "Unrecognized collection type class java.lang.Boolean"},
                   {"{}", kStructure}});
}

void expect_blob(std::string_view shape, std::string_view request) {
  expect_messages(
      shape, request,
      {{"true", "only base-64-encoded strings are convertible to bytes"},
       {"23", "only base-64-encoded strings are convertible to bytes"},
       {"34.56", "only base-64-encoded strings are convertible to bytes"},
       {"[]", "Unrecognized collection type class java.nio.ByteBuffer"},
       {"{}", kStructure},
       {"\"23456\"", "Base64 encoded length is expected a multiple of 4 bytes but found: 5"},
       {"\"=+/=\"", "Invalid last non-pad Base64 character dectected"},
       {"\"+/+=\"", "Invalid last non-pad Base64 character dectected"}});
}

void expect_list(std::string_view shape, std::string_view request) {
  expect_scalars(shape, request, "Unexpected field type");
  expect_messages(shape, request, {{"{}", kStructure}});
}

TEST(CheckTypes, OfScalars) {
  expect_string("PutItemInput", R"({"TableName":{}})");
  expect_boolean("GetItemInput", R"({"ConsistentRead":{}})");
  for (const auto& [shape, request, name] :
       {std::tuple("CreateTableInput", R"({"ProvisionedThroughput":{"ReadCapacityUnits":{}}})",
                   "Long"),
        std::tuple("ListTablesInput", R"({"Limit":{}})", "Integer"),
        std::tuple("GetRecordsInput", R"({"Limit":{}})", "Integer")}) {
    expect_messages(shape, request,
                    {{"\"23\"", fmt::format("STRING_VALUE cannot be converted to {}", name)},
                     {"true", fmt::format("TRUE_VALUE cannot be converted to {}", name)},
                     {"false", fmt::format("FALSE_VALUE cannot be converted to {}", name)},
                     {"[]", fmt::format("Unrecognized collection type class java.lang.{}", name)},
                     {"{}", kStructure}});
  }
}

TEST(CheckTypes, OfContainers) {
  expect_list("CreateTableInput", R"({"KeySchema":{}})");
  expect_scalars("CreateTableInput", R"({"KeySchema":[{}]})", "Unexpected value type in payload");
  expect_messages("CreateTableInput", R"({"KeySchema":[{}]})",
                  {{"[]", "Unrecognized collection type class " + kPackage + "KeySchemaElement"}});
  expect_string("CreateTableInput", R"({"KeySchema":[{"KeyType":{}}]})");
  expect_scalars("CreateTableInput", R"({"ProvisionedThroughput":{}})", "Unexpected field type");
  expect_messages(
      "CreateTableInput", R"({"ProvisionedThroughput":{}})",
      {{"[]", "Unrecognized collection type class " + kPackage + "ProvisionedThroughput"}});
  for (const auto& [request, value_class] :
       {std::pair(R"({"Item":{}})", kPackage + "AttributeValue"),
        std::pair(R"({"Expected":{}})", kPackage + "ExpectedAttributeValue"),
        std::pair(R"({"ExpressionAttributeNames":{}})", std::string("java.lang.String"))}) {
    expect_scalars("PutItemInput", request, "Unexpected field type");
    expect_messages("PutItemInput", request,
                    {{"[]", "Unrecognized collection type java.util.Map<java.lang.String, " +
                                value_class + ">"}});
  }
}

TEST(CheckTypes, OfContainersInContainers) {
  expect_scalars("BatchWriteItemInput", R"({"RequestItems":{"t":{}}})", kCast);
  expect_messages("BatchWriteItemInput", R"({"RequestItems":{"t":{}}})", {{"{}", kStructure}});
  expect_messages(
      "BatchWriteItemInput", R"({"RequestItems":{}})",
      {{"[]", "Unrecognized collection type java.util.Map<java.lang.String, java.util.List<" +
                  kPackage + "WriteRequest>>"}});
  expect_scalars("BatchGetItemInput", R"({"RequestItems":{"t":{"Keys":[{}]}}})", kCast);
  expect_messages("BatchGetItemInput", R"({"RequestItems":{"t":{"Keys":[{}]}}})",
                  {{"[]", "Unrecognized collection type java.util.Map<java.lang.String, " +
                              kPackage + "AttributeValue>"}});
}

void expect_attribute_value(std::string_view shape, const std::string& before,
                            const std::string& after) {
  const auto request = [&](std::string_view value) { return before + std::string(value) + after; };
  expect_messages(shape, request("{}"),
                  {{"[]", "Unrecognized collection type class " + kPackage + "AttributeValue"}});
  expect_string(shape, request(R"({"S":{}})"));
  expect_string(shape, request(R"({"N":{}})"));
  expect_blob(shape, request(R"({"B":{}})"));
  expect_boolean(shape, request(R"({"BOOL":{}})"));
  expect_boolean(shape, request(R"({"NULL":{}})"));
  for (const std::string_view list :
       {R"({"SS":{}})", R"({"NS":{}})", R"({"BS":{}})", R"({"L":{}})"}) {
    expect_list(shape, request(list));
  }
  expect_string(shape, request(R"({"SS":[{}]})"));
  expect_string(shape, request(R"({"NS":[{}]})"));
  expect_blob(shape, request(R"({"BS":[{}]})"));
  expect_scalars(shape, request(R"({"L":[{}]})"), "Unexpected value type in payload");
  expect_scalars(shape, request(R"({"M":{}})"), "Unexpected field type");
  expect_scalars(shape, request(R"({"M":{"a":{}}})"), "Unexpected value type in payload");
  expect_blob(shape, request(R"({"M":{"a":{"BS":[{}]}}})"));
}

TEST(CheckTypes, OfAttributeValues) {
  expect_scalars("PutItemInput", R"({"Item":{"a":{}}})", "Unexpected value type in payload");
  expect_attribute_value("PutItemInput", R"({"Item":{"a":)", "}}");
  expect_scalars("PutItemInput", R"({"Expected":{"a":{"Value":{}}}})", "Unexpected field type");
  expect_attribute_value("PutItemInput", R"({"Expected":{"a":{"Value":)", "}}}");
}

TEST(CheckTypes, ReportsTheFirst) {
  EXPECT_EQ(check("PutItemInput", R"({"Item":1,"TableName":2})").error().message,
            "Unexpected field type");
}

TEST(CheckTypes, OfTheWholeRequest) {
  expect_messages("PutItemInput", "{}",
                  {{"[]", "Unrecognized collection type class " + kPackage + "PutItemInput"},
                   {"1", "Unexpected value type in payload"}});
}

TEST(CheckTypes, AcceptsAndConverts) {
  for (const auto& [shape, text] : std::vector<std::pair<std::string, std::string>>{
           {"PutItemInput", "{}"},
           {"PutItemInput", "null"},
           {"PutItemInput", R"({"TableName":null,"Item":null,"Unknown":[1]})"},
           {"PutItemInput",
            R"({"Item":{"a":null,"b":{"L":[null]},"c":{"X":1,"B":"Zg=="},"d":{"BOOL":"NO"}}})"},
           {"GetItemInput", R"({"ConsistentRead":"true"})"},
           {"ListTablesInput", R"({"Limit":1.5})"},
       }) {
    EXPECT_TRUE(check(shape, text).ok()) << text;
  }
}

}  // namespace
}  // namespace millrace::api
