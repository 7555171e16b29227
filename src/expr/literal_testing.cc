#include "expr/literal_testing.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/check.h"

namespace millrace::expr {
namespace {

class LiteralReader {
 public:
  explicit LiteralReader(std::string_view text) : rest_(text) {}

  AttributeValue read_all() {
    AttributeValue value = read();
    skip_spaces();
    MILLRACE_CHECK(rest_.empty());
    return value;
  }

 private:
  AttributeValue read() {
    skip_spaces();
    MILLRACE_CHECK(!rest_.empty());
    if (accept("[")) return read_members("]");
    if (accept("<")) return read_set();
    if (accept("{")) return read_map();
    if (accept("x'")) return read_binary();
    if (accept("'")) return read_quoted();
    if (accept("true")) return AttributeValue(true);
    if (accept("false")) return AttributeValue(false);
    if (accept("null")) return Null{};
    return Number::parse(read_word()).value();
  }

  List read_members(std::string_view close) {
    List list;
    skip_spaces();
    while (!accept(close)) {
      list.push_back(read());
      skip_spaces();
      if (!accept(",")) MILLRACE_CHECK(rest_.starts_with(close));
    }
    return list;
  }

  AttributeValue read_set() {
    const List members = read_members(">");
    MILLRACE_CHECK(!members.empty());
    if (members[0].get_if<Number>() != nullptr) return set_of<NumberSet, Number>(members);
    if (members[0].get_if<std::string>() != nullptr) return set_of<StringSet, std::string>(members);
    BinarySet set;
    for (const AttributeValue& member : members) {
      set.members.push_back(member.get_if<Binary>()->bytes);
    }
    std::sort(set.members.begin(), set.members.end());
    return set;
  }

  template <typename Set, typename Member>
  static AttributeValue set_of(const List& members) {
    Set set;
    for (const AttributeValue& member : members) set.members.push_back(*member.get_if<Member>());
    std::sort(set.members.begin(), set.members.end());
    return set;
  }

  AttributeMap read_map() {
    AttributeMap map;
    skip_spaces();
    while (!accept("}")) {
      skip_spaces();
      std::string name = accept("'") ? read_quoted() : read_word();
      skip_spaces();
      MILLRACE_CHECK(accept(":"));
      map.emplace(std::move(name), read());
      skip_spaces();
      if (!accept(",")) MILLRACE_CHECK(rest_.starts_with("}"));
    }
    return map;
  }

  Binary read_binary() {
    const std::string digits = read_quoted();
    Binary binary;
    for (size_t i = 0; i + 1 < digits.size(); i += 2) {
      binary.bytes.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    }
    return binary;
  }

  std::string read_quoted() {
    const size_t end = rest_.find('\'');
    MILLRACE_CHECK(end != std::string_view::npos);
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return text;
  }

  // A number, or a name, which may begin with a colon.
  std::string read_word() {
    size_t end = 1;
    while (end < rest_.size() && std::string_view(" ,:]}>").find(rest_[end]) == std::string::npos) {
      ++end;
    }
    std::string word(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return word;
  }

  bool accept(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  void skip_spaces() {
    while (accept(" ")) {
    }
  }

  std::string_view rest_;
};

template <typename Members, typename Show>
std::string joined(const Members& members, std::string_view open, std::string_view close,
                   const Show& show) {
  std::string text(open);
  for (const auto& member : members) {
    if (text.size() > open.size()) text += ", ";
    text += show(member);
  }
  return text + std::string(close);
}

struct ToLiteral {
  std::string operator()(const std::string& value) const { return "'" + value + "'"; }
  std::string operator()(const Number& value) const { return value.to_string(); }
  std::string operator()(const Binary& value) const { return of_bytes(value.bytes); }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(Null) const { return "null"; }
  std::string operator()(const List& value) const { return joined(value, "[", "]", to_literal); }
  std::string operator()(const AttributeMap& value) const {
    return joined(value, "{", "}", [](const auto& member) {
      return member.first + ": " + to_literal(member.second);
    });
  }
  std::string operator()(const StringSet& value) const {
    return joined(value.members, "<", ">", *this);
  }
  std::string operator()(const NumberSet& value) const {
    return joined(value.members, "<", ">", *this);
  }
  std::string operator()(const BinarySet& value) const {
    return joined(value.members, "<", ">", of_bytes);
  }

  static std::string of_bytes(const Bytes& bytes) {
    std::string text = "x'";
    for (const char c : bytes) {
      std::array<char, 3> hex{};
      std::snprintf(hex.data(), hex.size(), "%02x", static_cast<unsigned char>(c));
      text += hex.data();
    }
    return text + "'";
  }
};

}  // namespace

AttributeValue parse_literal(std::string_view text) {
  return LiteralReader(text).read_all();
}

std::string to_literal(const AttributeValue& value) {
  return std::visit(ToLiteral{}, value.variant());
}

}  // namespace millrace::expr
