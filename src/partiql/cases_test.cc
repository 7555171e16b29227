// Runs testdata/*.txt. A line is one of
//   item {'a': 1}                      what the following cases read
//   parameters [1, 'x']                their parameters
//   where a = 1 => true                a case: whether the item meets the condition,
//   update SET a = 2 => {'a': 2}           what becomes of it,
//   columns a, m.b => {'a': 1}             what SELECT shows of it,
//   insert {'a': 1E1} => {'a': 10}         what a value is,
//   refused SELECT => message              why a whole statement is refused; `\n` is a line break
// and what begins with `//` is a remark. The results of where and update may be `error message`.
#include <filesystem>
#include <fstream>

#include "expr/condition.h"
#include "expr/update.h"
#include "partiql/statement.h"

namespace millrace::partiql {
namespace {

Item item_of(std::string_view tuple) {
  auto parsed = parse("INSERT INTO t VALUE " + std::string(tuple), {});
  EXPECT_TRUE(parsed.ok()) << parsed.error().message;
  return std::get<Insert>(*parsed).item;
}

std::string with_line_breaks(const std::string& text) {
  const size_t at = text.find("\\n");
  if (at == std::string::npos) return text;
  return text.substr(0, at) + "\n" + with_line_breaks(text.substr(at + 2));
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
      item_ = item_of(rest);
    } else if (verb == "parameters") {
      parameters_ = *item_of("{'list': " + rest + "}").at("list").get_if<List>();
    } else {
      const size_t arrow = rest.rfind(" => ");
      ASSERT_NE(arrow, std::string::npos);
      ++cases_;
      run_case(verb, with_line_breaks(rest.substr(0, arrow)), rest.substr(arrow + 4));
    }
  }

  void run_case(const std::string& verb, const std::string& text, const std::string& expected) {
    if (verb == "refused") {
      const auto parsed = parse(text, parameters_);
      EXPECT_EQ(parsed.ok() ? "accepted" : parsed.error().message, expected);
    } else if (verb == "where") {
      const auto holds = evaluate(text);
      EXPECT_EQ(holds.ok() ? (*holds ? "true" : "false") : "error " + holds.error().message,
                expected);
    } else {
      const auto shown = make_item(verb, text);
      if (expected.starts_with("error ")) {
        EXPECT_EQ(shown.ok() ? "accepted" : "error " + shown.error().message, expected);
      } else {
        ASSERT_TRUE(shown.ok()) << shown.error().message;
        EXPECT_EQ(*shown, item_of(expected));
      }
    }
  }

  Result<bool> evaluate(const std::string& condition) {
    Statement statement = TRY(parse("SELECT * FROM t WHERE " + condition, parameters_));
    const auto& where = *std::get<Select>(statement).where;
    return expr::Condition::of_node(where).matches(item_);
  }

  Result<Item> make_item(const std::string& verb, const std::string& text) {
    if (verb == "insert") {
      return std::get<Insert>(TRY(parse("INSERT INTO t VALUE " + text, parameters_))).item;
    }
    if (verb == "columns") {
      Statement statement = TRY(parse("SELECT " + text + " FROM t", parameters_));
      return std::get<Select>(statement).projection->apply(item_);
    }
    EXPECT_EQ(verb, "update");
    Statement statement = TRY(parse("UPDATE t " + text, parameters_));
    Item item = item_;
    TRY(expr::Update::of_clauses(std::get<Update>(statement).clauses).apply(item));
    return item;
  }

  std::filesystem::path path_;
  Item item_;
  std::vector<AttributeValue> parameters_;
  size_t cases_ = 0;
};

TEST(Statements, BehaveAsTheCasesSay) {
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(__FILE__).parent_path() / "testdata")) {
    ++files;
    EXPECT_GT(CaseFile(entry.path()).run(), 0U) << entry.path();
  }
  EXPECT_GE(files, 4U);
}

}  // namespace
}  // namespace millrace::partiql
