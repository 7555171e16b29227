// No value of an attribute, of an expression, of a statement or of its parameters is ever told,
// except those of keys.
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "audit/requests_testing.h"

namespace millrace::audit {
namespace {

using Generator = std::mt19937;

size_t below(Generator& random, size_t bound) {
  return std::uniform_int_distribution<size_t>(0, bound - 1)(random);
}

// An attribute value that holds the marker somewhere.
std::string marked_value(Generator& random, int depth = 0) {
  switch (below(random, depth == 4 ? 4 : 7)) {
    case 0:
      return R"({"S":"MARK"})";
    case 1:
      return R"({"B":"MARK"})";
    case 2:
      return R"({"N":"MARK"})";
    case 3:
      return R"({"SS":["a","MARK"]})";
    case 4:
      return fmt::format(R"({{"L":[{}]}})", marked_value(random, depth + 1));
    case 5:
      return fmt::format(R"({{"M":{{"MARK":{}}}}})", marked_value(random, depth + 1));
    default:
      return R"("MARK")";
  }
}

std::string marked_item(Generator& random) {
  return fmt::format(R"({{"id":{{"N":"7"}},"a":{},"b":{}}})", marked_value(random),
                     marked_value(random));
}

// Members that no request may show the values of, of any operation.
std::string marked_members(Generator& random) {
  const std::string value = marked_value(random);
  return fmt::format(
      R"("TableName":"numbers","Item":{0},"Key":{0},"ExclusiveStartKey":{0},
      "ExpressionAttributeValues":{{":a":{1}}},
      "Expected":{{"a":{{"Value":{1},"AttributeValueList":[{1}]}}}},
      "AttributeUpdates":{{"a":{{"Action":"PUT","Value":{1}}}}},
      "KeyConditions":{{"id":{{"ComparisonOperator":"EQ","AttributeValueList":[{1}]}}}},
      "QueryFilter":{{"a":{{"AttributeValueList":[{1}]}}}},
      "ScanFilter":{{"a":{{"AttributeValueList":[{1}]}}}},
      "Parameters":[{1}],"Unknown":{1})",
      marked_item(random), value);
}

std::string marked_literal(Generator& random, int depth = 0) {
  switch (below(random, depth == 3 ? 3 : 7)) {
    case 0:
      return "'MARK'";
    case 1:
      return "'it''s MARK'";
    case 2:
      return "-12MARK";
    case 3:
      return fmt::format("[1, {}]", marked_literal(random, depth + 1));
    case 4:
      return fmt::format("<<{}>>", marked_literal(random, depth + 1));
    case 5:
      return fmt::format("{{'MARK' : {}}}", marked_literal(random, depth + 1));
    default:
      return fmt::format("/* MARK */ {}", marked_literal(random, depth + 1));
  }
}

std::string marked_statement(Generator& random) {
  const std::string literal = marked_literal(random);
  switch (below(random, 8)) {
    case 0:
      return fmt::format("SELECT a FROM numbers WHERE id = 7 AND a >= {} OR b IN ({}, 5)", literal,
                         marked_literal(random));
    case 1:
      return fmt::format("SELECT a FROM \"numbers\".\"i\" WHERE a BETWEEN {0} AND {0}", literal);
    case 2:
      return fmt::format("INSERT INTO numbers VALUE {{'id' : 7, 'a' : {}, 'b':{}}}", literal,
                         marked_literal(random));
    case 3:
      return fmt::format("UPDATE numbers SET a = {0} SET b = list_append(b, {0}) WHERE id = 7",
                         literal);
    case 4:
      return fmt::format("DELETE FROM numbers WHERE id = 7 AND contains(a, {}) -- MARK", literal);
    case 5:
      return fmt::format("EXISTS(SELECT * FROM numbers WHERE id = 7 AND a.id = {})", literal);
    case 6:
      return "WITH 'MARK' DO NOTHING";
    default:
      return "SELECT * FROM numbers WHERE a = `MARK`";
  }
}

std::string marked_request(Generator& random, std::string_view operation) {
  const std::string members = marked_members(random);
  if (operation == "BatchGetItem") {
    return fmt::format(R"({{"RequestItems":{{"numbers":{{"Keys":[{}],{}}}}}}})",
                       marked_item(random), members);
  }
  if (operation == "BatchWriteItem") {
    return fmt::format(
        R"({{"RequestItems":{{"numbers":[{{"PutRequest":{{{0}}}}},{{"DeleteRequest":{{{0}}}}}]}}}})",
        members);
  }
  if (operation.starts_with("Transact")) {
    return fmt::format(
        R"({{"TransactItems":[{{"Put":{{{0}}}}},{{"Update":{{{0}}}}},{{"Get":{{{0}}}}}],{0}}})",
        members);
  }
  if (operation.find("Execut") != std::string_view::npos) {
    const std::string statement = fmt::format(R"("Statement":"{}",{})",
                                              [&] {
                                                std::string escaped;
                                                for (const char c : marked_statement(random)) {
                                                  if (c == '"') escaped += '\\';
                                                  escaped += c;
                                                }
                                                return escaped;
                                              }(),
                                              members);
    return fmt::format(R"({{"Statements":[{{{0}}}],"TransactStatements":[{{{0}}}],{0}}})",
                       statement);
  }
  return fmt::format("{{{}}}", members);
}

TEST(RequestRedaction, NoValueIsTold) {
  const DescribedRequests requests;
  Generator random(6);
  for (int round = 0; round < 300; ++round) {
    for (const char* operation :
         {"GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem",
          "BatchWriteItem", "TransactGetItems", "TransactWriteItems", "ExecuteStatement",
          "BatchExecuteStatement", "ExecuteTransaction"}) {
      const std::string input = marked_request(random, operation);
      const std::string told = requests.parameters(operation, input);
      ASSERT_EQ(told.find("MARK"), std::string::npos) << operation << input << "\n" << told;
      ASSERT_TRUE(json::Document::parse(told).ok()) << told;
      // It is told all the same which item it was.
      const bool has_key = told.find(R"("id":"7")") != std::string::npos;
      if (std::string_view(operation).find("Execut") == std::string_view::npos) {
        ASSERT_TRUE(has_key) << told;
      }
    }
  }
}

// Bytes of requests are changed, cut and put together in any way: nothing crashes, and what comes
// of it is JSON.
TEST(RequestRedaction, AnyJsonIsTaken) {
  const DescribedRequests requests;
  Generator random(7);
  constexpr const char* kOperations[] = {"PutItem",
                                         "Query",
                                         "BatchGetItem",
                                         "BatchWriteItem",
                                         "TransactWriteItems",
                                         "BatchExecuteStatement"};
  for (int round = 0; round < 3000; ++round) {
    std::string input = marked_request(random, kOperations[below(random, 6)]);
    for (size_t edits = below(random, 4); edits > 0; --edits) {
      constexpr std::string_view kBytes = R"({}[]",:0'n<>)";
      input[below(random, input.size())] = kBytes[below(random, kBytes.size())];
    }
    const char* operation = kOperations[below(random, 6)];
    const std::string told = requests.parameters(operation, input);
    ASSERT_TRUE(told.empty() || json::Document::parse(told).ok()) << input << "\n" << told;
    (void)requests.resources(operation, input);
  }
}

}  // namespace
}  // namespace millrace::audit
