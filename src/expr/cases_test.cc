// Runs testdata/*.txt. A line is one of
//   item {a: 1}                        what the following cases read
//   names {#a: 'a'}                    their ExpressionAttributeNames
//   values {:v: 1}                     their ExpressionAttributeValues
//   keys {pk: true}                    the table's key attributes
//   condition a = :v => true           a case; likewise `projection` and `update`, whose results
//   are update SET a = :v => {a: 1}        items update SET => error Invalid ...    the whole
//   message, or its beginning when `...` ends it
// and what begins with `//` is a remark. literal_testing.h describes values.
#include <filesystem>
#include <fstream>

#include "expr/expression.h"
#include "expr/literal_testing.h"

namespace millrace::expr {
namespace {

AttributeMap map_of(std::string_view literal) {
  return *parse_literal(literal).get_if<AttributeMap>();
}

class CaseFile {
 public:
  explicit CaseFile(const std::filesystem::path& path) : path_(path) {}

  size_t run() {
    std::ifstream input(path_);
    std::string line;
    for (size_t number = 1; std::getline(input, line); ++number) {
      if (line.empty() || line.starts_with("//")) continue;
      SCOPED_TRACE(path_.filename().string() + ":" + std::to_string(number) + ": " + line);
      run_line(line);
    }
    return cases_;
  }

 private:
  void run_line(const std::string& line) {
    const size_t space = line.find(' ');
    ASSERT_NE(space, std::string::npos);
    const std::string verb = line.substr(0, space);
    const std::string rest = line.substr(space + 1);
    if (verb == "item") {
      item_ = map_of(rest);
    } else if (verb == "values") {
      values_ = map_of(rest);
    } else if (verb == "names") {
      names_.clear();
      for (const auto& [name, value] : map_of(rest)) names_[name] = *value.get_if<std::string>();
    } else if (verb == "keys") {
      keys_.clear();
      for (const auto& [name, value] : map_of(rest)) keys_.push_back(name);
    } else {
      const size_t arrow = rest.rfind(" => ");
      ASSERT_NE(arrow, std::string::npos);
      ++cases_;
      check(evaluate(verb, rest.substr(0, arrow)), rest.substr(arrow + 4));
    }
  }

  static void check(const Result<std::string>& result, const std::string& expected) {
    std::string actual = result.ok() ? result.value() : "error " + result.error().message;
    if (expected.starts_with("error ") && expected.ends_with("...")) {
      EXPECT_EQ(actual.substr(0, expected.size() - 3), expected.substr(0, expected.size() - 3));
    } else if (expected.starts_with("{")) {
      EXPECT_EQ(actual, to_literal(parse_literal(expected)));
    } else {
      EXPECT_EQ(actual, expected);
    }
  }

  Result<std::string> evaluate(const std::string& verb, const std::string& text) {
    Placeholders placeholders(names_, values_);
    if (verb == "condition") {
      const auto parsed = TRY(Condition::parse(text, "ConditionExpression"));
      return std::string(TRY(parsed.bind(placeholders)).matches(item_) ? "true" : "false");
    }
    if (verb == "projection") {
      const auto parsed = TRY(Projection::parse(text));
      return to_literal(TRY(parsed.bind(placeholders)).apply(item_));
    }
    EXPECT_EQ(verb, "update");
    const auto parsed = TRY(Update::parse(text));
    const auto bound = TRY(parsed.bind(placeholders, keys_));
    Item item = item_;
    TRY(bound.apply(item));
    return to_literal(item);
  }

  std::filesystem::path path_;
  Item item_;
  NameMap names_;
  AttributeMap values_;
  std::vector<std::string> keys_;
  size_t cases_ = 0;
};

TEST(Expressions, BehaveAsTheCasesSay) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(__FILE__).parent_path() / "testdata")) {
    ++files;
    EXPECT_GT(CaseFile(entry.path()).run(), 0U) << entry.path();
  }
  EXPECT_GE(files, 5U);
}

}  // namespace
}  // namespace millrace::expr
