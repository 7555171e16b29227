#include "cli/trail/rows.h"

#include <gtest/gtest.h>

namespace millrace::cli::trail {
namespace {

QueryRows rows_of(const char* text) {
  const auto document = json::Document::parse(text);
  QueryRows rows;
  rows.add(json::Object(document->root()));
  return rows;
}

TEST(QueryRows, TextsOfEachFormat) {
  const QueryRows rows = rows_of(
      R"({"QueryResultRows":[[{"name":"a"},{"text":"say \"x\", y"}],[{"name":"bcd"},{"text":null}],
          [{"name":"e\nf"},{"text":""}]]})");
  EXPECT_EQ(rows.table(), "name  text\na     say \"x\", y\nbcd   -\ne f\n");
  EXPECT_EQ(rows.json(),
            "{\"name\":\"a\",\"text\":\"say \\\"x\\\", y\"}\n{\"name\":\"bcd\",\"text\":null}\n"
            "{\"name\":\"e\\nf\",\"text\":\"\"}\n");
  EXPECT_EQ(rows.csv(), "name,text\r\na,\"say \"\"x\"\", y\"\r\nbcd,\r\n\"e\nf\",\r\n");
}

TEST(QueryRows, NothingOfNoRows) {
  const QueryRows rows = rows_of(R"({"QueryResultRows":[]})");
  EXPECT_EQ(rows.table() + rows.json() + rows.csv(), "");
  EXPECT_EQ(rows_of("{}").table(), "");
}

}  // namespace
}  // namespace millrace::cli::trail
