#include "audit/statement_redaction.h"

#include <gtest/gtest.h>

namespace millrace::audit {
namespace {

const catalog::KeySchema kKeys = {{"Artist", AttributeType::kString},
                                  catalog::KeyAttribute{"SongTitle", AttributeType::kString}};

std::string redact(std::string_view statement) {
  return redact_statement(StatementTokens(statement), &kKeys);
}

std::string table_of(std::string_view statement) {
  return std::string(StatementTokens(statement).table_name());
}

TEST(StatementRedaction, ConditionsKeepTheValuesOfKeys) {
  EXPECT_EQ(
      redact("SELECT * FROM Music WHERE Artist = 'No One' AND \"SongTitle\"='Call' AND x = 's'"),
      "SELECT * FROM Music WHERE Artist = 'No One' AND \"SongTitle\"='Call' AND x = "
      "***(Redacted)");
  EXPECT_EQ(
      redact("select * from Music where Artist in ['a', 'b'] and SongTitle between 'a' and 'b'"),
      "select * from Music where Artist in ['a', 'b'] and SongTitle between 'a' and 'b'");
  EXPECT_EQ(redact("DELETE FROM Music WHERE Artist IN ('a', -5) AND begins_with(SongTitle, 'C')"),
            "DELETE FROM Music WHERE Artist IN ('a', -5) AND begins_with(SongTitle, 'C')");
  EXPECT_EQ(redact("SELECT * FROM Music WHERE x.Artist = 's' AND Artist.x = 's' AND artist = 's'"),
            "SELECT * FROM Music WHERE x.Artist = ***(Redacted) AND Artist.x = ***(Redacted) AND "
            "artist = ***(Redacted)");
  EXPECT_EQ(redact("SELECT * FROM Music WHERE size(Artist) > 5 AND Artist IN ['a', x]"),
            "SELECT * FROM Music WHERE size(Artist) > ***(Redacted) AND Artist IN ***(Redacted)");
  EXPECT_EQ(redact_statement(StatementTokens("DELETE FROM t WHERE Artist = 'a'"), nullptr),
            "DELETE FROM t WHERE Artist = ***(Redacted)");
}

TEST(StatementRedaction, UpdatesKeepOnlyWhatIsBehindWhere) {
  EXPECT_EQ(redact("UPDATE Music SET Artist = 'x' SET n = n + 5 SET l[0] = [1, 2] REMOVE l[1] "
                   "WHERE Artist = ? AND b = true AND c IS NOT NULL AND d = null"),
            "UPDATE Music SET Artist = ***(Redacted) SET n = n + ***(Redacted) SET l[0] = "
            "***(Redacted) REMOVE l[1] WHERE Artist = ? AND b = ***(Redacted) AND c IS NOT NULL "
            "AND d = ***(Redacted)");
  EXPECT_EQ(redact("UPDATE Music SET n = -5 SET m = <<'a'>> SET o = {'x': 1} SET a = \"b\""),
            "UPDATE Music SET n = ***(Redacted) SET m = ***(Redacted) SET o = ***(Redacted) SET a "
            "= ***(Redacted)");
}

TEST(StatementRedaction, InsertKeepsNames) {
  EXPECT_EQ(redact("INSERT INTO Music VALUE {'Artist' : 'a', 'm':{'x': 1, 'y': [2]}, 'p': ?,"
                   " 'n': -1}"),
            "INSERT INTO Music VALUE {'Artist' : ***(Redacted), 'm':***(Redacted), 'p': ?,"
            " 'n': ***(Redacted)}");
  EXPECT_EQ(redact("INSERT INTO Music VALUE {'a' 's', 's'"),
            "INSERT INTO Music VALUE {***(Redacted), ***(Redacted)");
  EXPECT_EQ(redact("INSERT INTO Music VALUE <<{'a': 1}>>"),
            "INSERT INTO Music VALUE ***(Redacted)");
  EXPECT_EQ(redact("INSERT INTO Music VALUE ?"), "INSERT INTO Music VALUE ?");
}

TEST(StatementRedaction, WhatCannotBeReadIsRedacted) {
  EXPECT_EQ(redact(""), "***(Redacted)");
  EXPECT_EQ(redact("s"), "***(Redacted)");
  EXPECT_EQ(redact("SELECT * FROM Music WHERE a = `s` AND 5"),
            "SELECT * FROM Music WHERE a = ***(Redacted)");
  EXPECT_EQ(redact("SELECT * FROM Music WHERE Artist = 's"),
            "SELECT * FROM Music WHERE Artist = ***(Redacted)");
  EXPECT_EQ(redact("SELECT /* s */ * FROM -- s\n Music"), "SELECT * FROM Music");
  EXPECT_EQ(redact("SELECT * FROM Music WHERE a = {'x': ["),
            "SELECT * FROM Music WHERE a = ***(Redacted)");
}

TEST(StatementRedaction, FindsTheTable) {
  EXPECT_EQ(table_of("SELECT a FROM Music WHERE x = 1"), "Music");
  EXPECT_EQ(table_of("select a from \"Music\".\"ByYear\""), "Music");
  EXPECT_EQ(table_of("INSERT INTO Music VALUE {}"), "Music");
  EXPECT_EQ(table_of("UPDATE \"arn:aws:dynamodb:r:a:table/Music\" SET a = 1"),
            "arn:aws:dynamodb:r:a:table/Music");
  EXPECT_EQ(table_of("EXISTS(SELECT * FROM Music)"), "Music");
  EXPECT_EQ(table_of("DELETE FROM"), "");
  EXPECT_EQ(table_of("FROM 'Music'"), "");
  EXPECT_EQ(table_of(""), "");
}

}  // namespace
}  // namespace millrace::audit
