#include "audit/query/query_rewrite.h"

#include <gmock/gmock.h>

namespace millrace::audit::query {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kStore = "0123abcd-0000-4000-8000-00000000000f";

std::string sql_of(std::string_view statement) {
  auto rewritten = rewrite_query(statement);
  EXPECT_TRUE(rewritten.ok()) << statement << ": " << rewritten.error().message;
  return rewritten.ok() ? rewritten->sql : "";
}

std::string refusal(std::string_view statement) {
  const auto rewritten = rewrite_query(statement);
  EXPECT_FALSE(rewritten.ok()) << statement;
  if (rewritten.ok()) return "";
  EXPECT_EQ(rewritten.error().code, ErrorCode::kInvalidQueryStatementException);
  return rewritten.error().message;
}

TEST(QueryRewrite, PathsIntoTheRecordAreExtracted) {
  struct Case {
    const char* statement;
    const char* sql;
  };
  const Case cases[] = {
      {"SELECT eventTime FROM events", "SELECT eventTime FROM events"},
      {"SELECT userIdentity.arn FROM events",
       "SELECT json_extract(userIdentity,'$.\"arn\"') FROM events"},
      {"select USERIDENTITY.SessionContext.sessionissuer.username from events",
       "select json_extract(userIdentity,'$.\"sessionContext\".\"sessionIssuer\".\"userName\"') "
       "from events"},
      {"SELECT requestParameters.tableName FROM events",
       "SELECT json_extract(requestParameters,'$.\"tableName\"') FROM events"},
      {"SELECT e.userIdentity.arn FROM events e",
       "SELECT json_extract(\"e\".userIdentity,'$.\"arn\"') FROM events e"},
      {"SELECT e.eventName FROM events AS e", "SELECT e.eventName FROM events AS e"},
      {"SELECT resources[1].arn FROM events",
       "SELECT json_extract(resources,'$[0].\"ARN\"') FROM events"},
      {"SELECT requestParameters['a b'] FROM events",
       "SELECT json_extract(requestParameters,'$.\"a b\"') FROM events"},
      {"SELECT requestParameters.\"a b\".c FROM events",
       "SELECT json_extract(requestParameters,'$.\"a b\".\"c\"') FROM events"},
      {"SELECT 'userIdentity.arn' FROM events", "SELECT 'userIdentity.arn' FROM events"},
      {"SELECT 1 -- userIdentity.arn\n FROM /* x.y */ events;", "SELECT 1 FROM events"},
      {"SELECT json_extract_scalar(requestParameters, '$.a') FROM events",
       "SELECT json_extract(requestParameters, '$.a') FROM events"},
      {"SELECT eventName FROM events WHERE eventTime > TIMESTAMP '2026-11-21 10:00:00'",
       "SELECT eventName FROM events WHERE eventTime > '2026-11-21 10:00:00'"},
      {"SELECT CAST(eventTime AS timestamp) FROM events",
       "SELECT CAST(eventTime AS TEXT) FROM events"},
      {"SELECT 1.5e-3 FROM events", "SELECT 1.5e-3 FROM events"},
      {"SELECT 'it''s' FROM events", "SELECT 'it''s' FROM events"},
  };
  for (const Case& one : cases) EXPECT_EQ(sql_of(one.statement), one.sql);
}

TEST(QueryRewrite, ColumnsAreNamedByTheLastMemberOfTheirPath) {
  const auto rewritten = rewrite_query("SELECT userIdentity.arn FROM events");
  ASSERT_TRUE(rewritten.ok());
  EXPECT_EQ(rewritten->column_names.at("json_extract(userIdentity,'$.\"arn\"')"), "arn");
}

TEST(QueryRewrite, AStatementWithoutFromReadsAllEvents) {
  EXPECT_EQ(sql_of("SELECT eventName"), "SELECT eventName FROM events");
  EXPECT_EQ(sql_of("SELECT eventName WHERE readOnly = true LIMIT 5"),
            "SELECT eventName FROM events WHERE readOnly = true LIMIT 5");
  EXPECT_EQ(sql_of("SELECT eventName ORDER BY eventTime"),
            "SELECT eventName FROM events ORDER BY eventTime");
  EXPECT_EQ(sql_of("SELECT (SELECT count(*) FROM events) WHERE 1"),
            "SELECT (SELECT count(*) FROM events) FROM events WHERE 1");
  EXPECT_EQ(sql_of("SELECT 1 UNION SELECT 2 FROM events"),
            "SELECT 1 FROM events UNION SELECT 2 FROM events");
}

TEST(QueryRewrite, EventDataStoresAreNamedByIdOrArn) {
  const std::string quoted = std::string("\"") + kStore + "\"";
  const std::string arn =
      std::string("arn:aws:cloudtrail:us-east-1:000000000000:eventdatastore/") + kStore;
  for (const std::string& name : {std::string(kStore), quoted, arn, '"' + arn + '"'}) {
    const auto rewritten = rewrite_query("SELECT eventID FROM " + name + " WHERE 1");
    ASSERT_TRUE(rewritten.ok()) << name;
    EXPECT_EQ(rewritten->sql, "SELECT eventID FROM " + quoted + " WHERE 1");
    EXPECT_THAT(rewritten->stores, ElementsAre(kStore));
  }
  const auto text = rewrite_query(std::string("SELECT '") + kStore + "' FROM events");
  ASSERT_TRUE(text.ok());
  EXPECT_TRUE(text->stores.empty());
}

TEST(QueryRewrite, WhatIsNotOneSelectIsRefused) {
  EXPECT_THAT(refusal(""), HasSubstr("only SELECT"));
  EXPECT_THAT(refusal("DELETE FROM events"), HasSubstr("only SELECT"));
  EXPECT_THAT(refusal("PRAGMA query_only=OFF"), HasSubstr("only SELECT"));
  EXPECT_THAT(refusal("EXPLAIN SELECT 1"), HasSubstr("only SELECT"));
  EXPECT_THAT(refusal("SELECT 1; DELETE FROM events"), HasSubstr("more than one"));
  EXPECT_THAT(refusal("SELECT 1;;"), HasSubstr("more than one"));
  EXPECT_THAT(refusal("SELECT ? FROM events"), HasSubstr("parameters"));
  EXPECT_THAT(refusal("SELECT :a FROM events"), HasSubstr("parameters"));
  EXPECT_THAT(refusal("SELECT 'open"), HasSubstr("does not end"));
  EXPECT_THAT(refusal("SELECT \"open"), HasSubstr("does not end"));
  EXPECT_THAT(refusal("SELECT 1 /* open"), HasSubstr("does not end"));
  EXPECT_THAT(refusal("SELECT [eventName] FROM events"), HasSubstr("brackets"));
  EXPECT_THAT(refusal("SELECT resources[0] FROM events"), HasSubstr("from 1"));
  EXPECT_THAT(refusal("SELECT resources[-1] FROM events"), HasSubstr("brackets"));
  EXPECT_THAT(refusal("SELECT requestParameters['a''b'] FROM events"), HasSubstr("no such name"));
  EXPECT_THAT(refusal("SELECT requestParameters.\"a\"\"b\" FROM events"),
              HasSubstr("no such name"));
  EXPECT_THAT(refusal(std::string_view("SELECT 1\0 FROM events", 21)), HasSubstr("no text"));
}

}  // namespace
}  // namespace millrace::audit::query
