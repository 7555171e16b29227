#include "partiql/values.h"

#include <algorithm>

#include "base/check.h"
#include "expr/limits.h"

namespace millrace::partiql {
namespace {

using Kind = Expression::Kind;

std::string member_of(const std::string& path, std::string_view name) {
  return path + "." + std::string(name);
}
std::string element_of(const std::string& path, size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

// How messages call what is no literal.
std::string name_of(const Expression& expression) {
  return expression.kind == Kind::kParameter ? "Parameter" : expression.text;
}

Error duplicates_in(const Expression& bag) {
  std::string members;
  for (const Expression& member : bag.operands) {
    if (!members.empty()) members += ", ";
    members += member.text;
  }
  return validation_error("One or more parameter values were invalid: Input collection [" +
                          members + "] contains duplicates");
}

// Sorts the members; whether no two are equal.
template <typename Members>
bool sort_distinct(Members& members) {
  std::sort(members.begin(), members.end());
  return std::adjacent_find(members.begin(), members.end()) == members.end();
}

// Reads literals; `path` is where in the value one stands, as messages say it.
class LiteralReader {
 public:
  Result<AttributeValue> read(const Expression& literal, const std::string& path, size_t depth) {
    if (depth >= expr::kNestingLevelsMax) {
      return validation_error("Nesting Levels have exceeded supported limits under " + path);
    }
    switch (literal.kind) {
      case Kind::kString:
        return AttributeValue(literal.text);
      case Kind::kNumber:
        return AttributeValue(TRY(read_number(literal, path)));
      case Kind::kBoolean:
        return AttributeValue(literal.text == "true");
      case Kind::kNull:
        return AttributeValue(Null{});
      case Kind::kList:
        return read_list(literal, path, depth);
      case Kind::kBag:
        return read_bag(literal, path);
      case Kind::kTuple:
        return AttributeValue(TRY(read_tuple(literal, path, depth)));
      default:
        return validation_error("Unsupported data type: " + name_of(literal) + " under key " +
                                path + literal.position.to_string());
    }
  }

  template <typename ReadValue>
  static Result<AttributeMap> read_members(const Expression& tuple, const std::string& path,
                                           const ReadValue& read_value) {
    AttributeMap map;
    for (size_t i = 0; i < tuple.operands.size(); i += 2) {
      const Expression& name = tuple.operands[i];
      if (name.kind != Kind::kString) {
        return validation_error("Unsupported key type in struct: " + name_of(name) + " under " +
                                path + name.position.to_string());
      }
      AttributeValue value = TRY(read_value(tuple.operands[i + 1], name.text));
      if (!map.emplace(name.text, std::move(value)).second) {
        return validation_error("Duplicate keys in tuple. Key: " + name.text + " under " + path);
      }
    }
    return map;
  }

 private:
  static Result<Number> read_number(const Expression& literal, const std::string& path) {
    auto number = Number::parse(literal.text);
    if (number.ok()) return number;
    return validation_error(number.error().message + " under " + path);
  }

  Result<AttributeValue> read_list(const Expression& literal, const std::string& path,
                                   size_t depth) {
    List list;
    for (size_t i = 0; i < literal.operands.size(); ++i) {
      list.push_back(TRY(read(literal.operands[i], element_of(path, i), depth + 1)));
    }
    return AttributeValue(std::move(list));
  }

  Result<AttributeMap> read_tuple(const Expression& literal, const std::string& path,
                                  size_t depth) {
    return read_members(literal, path, [&](const Expression& value, std::string_view name) {
      return read(value, member_of(path, name), depth + 1);
    });
  }

  static Result<AttributeValue> read_bag(const Expression& bag, const std::string& path) {
    if (bag.operands.empty()) return validation_error("Empty bags are not supported");
    const Kind kind = bag.operands.front().kind;
    const bool uniform = std::all_of(bag.operands.begin(), bag.operands.end(),
                                     [&](const Expression& one) { return one.kind == kind; });
    if (!uniform || (kind != Kind::kString && kind != Kind::kNumber)) {
      return validation_error(
          "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags");
    }
    return kind == Kind::kString ? read_strings(bag) : read_numbers(bag, path);
  }

  static Result<AttributeValue> read_strings(const Expression& bag) {
    StringSet set;
    for (const Expression& member : bag.operands) set.members.push_back(member.text);
    if (sort_distinct(set.members)) return AttributeValue(std::move(set));
    Error error = duplicates_in(bag);
    error.message += ".";
    return error;
  }

  // The service's own text ends otherwise than that of strings.
  static Result<AttributeValue> read_numbers(const Expression& bag, const std::string& path) {
    NumberSet set;
    for (const Expression& member : bag.operands) {
      set.members.push_back(TRY(read_number(member, path)));
    }
    if (sort_distinct(set.members)) return AttributeValue(std::move(set));
    Error error = duplicates_in(bag);
    error.message += "! under " + path;
    return error;
  }
};

}  // namespace

bool is_value(const Expression& expression) {
  switch (expression.kind) {
    case Kind::kString:
    case Kind::kNumber:
    case Kind::kBoolean:
    case Kind::kNull:
    case Kind::kParameter:
    case Kind::kList:
    case Kind::kBag:
    case Kind::kTuple:
      return true;
    default:
      return false;
  }
}

Result<AttributeValue> to_value(const Expression& expression, const Parameters& parameters) {
  if (expression.kind != Kind::kParameter) return LiteralReader().read(expression, "root", 0);
  MILLRACE_CHECK(expression.parameter < parameters.size());
  return parameters[expression.parameter];
}

Result<Item> to_item(const Expression& expression, const Parameters& parameters) {
  if (expression.kind == Kind::kParameter) {
    AttributeValue value = TRY(to_value(expression, parameters));
    if (auto* map = value.get_if<AttributeMap>()) return std::move(*map);
  }
  if (expression.kind != Kind::kTuple) {
    return validation_error("Unsupported data type: " + name_of(expression) + " under key root" +
                            expression.position.to_string());
  }
  LiteralReader reader;
  // A parameter may stand for a whole attribute.
  return LiteralReader::read_members(
      expression, "root", [&](const Expression& value, std::string_view) {
        return value.kind == Kind::kParameter ? to_value(value, parameters)
                                              : reader.read(value, "root", 0);
      });
}

}  // namespace millrace::partiql
