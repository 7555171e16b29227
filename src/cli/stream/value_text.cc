#include "cli/stream/value_text.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "json/base64.h"
#include "json/writer.h"

namespace millrace::cli::stream {

namespace {

// DEL and C1, which JSON lets through and a terminal may obey.
bool is_terminal_control(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(at) == 0x7F) return true;
  return byte(at) == 0xC2 && at + 1 < text.size() && byte(at + 1) < 0xA0;
}

void append_quoted(std::string& out, std::string_view text) {
  std::string quoted;
  json::Writer(quoted).string(text);
  for (size_t at = 0; at < quoted.size(); ++at) {
    if (!is_terminal_control(quoted, at)) {
      out.push_back(quoted[at]);
      continue;
    }
    const bool is_del = quoted[at] == '\x7F';
    if (!is_del) ++at;
    out += fmt::format("\\u{:04x}", static_cast<unsigned char>(quoted[at]));
  }
}

struct Append {
  std::string& out;

  void operator()(const std::string& value) { append_quoted(out, value); }
  void operator()(const Number& value) { out += value.to_string(); }
  void operator()(const Binary& value) { append_binary(value.bytes); }
  void operator()(bool value) { out += value ? "true" : "false"; }
  void operator()(Null) { out += "null"; }
  void operator()(const List& value) {
    append_members("[", value, "]",
                   [&](const AttributeValue& element) { append_value(out, element); });
  }
  void operator()(const AttributeMap& value) {
    append_members("{", value, "}", [&](const auto& entry) {
      append_name(out, entry.first);
      out += ": ";
      append_value(out, entry.second);
    });
  }
  void operator()(const StringSet& value) {
    append_members("<<", value.members, ">>", [&](const auto& text) { append_quoted(out, text); });
  }
  void operator()(const NumberSet& value) {
    append_members("<<", value.members, ">>",
                   [&](const Number& number) { out += number.to_string(); });
  }
  void operator()(const BinarySet& value) {
    append_members("<<", value.members, ">>", [&](const Bytes& bytes) { append_binary(bytes); });
  }

  void append_binary(const Bytes& bytes) {
    out.append("binary(\"").append(json::base64_encode(bytes)).append("\")");
  }
  template <typename Members, typename AppendMember>
  void append_members(std::string_view begin, const Members& members, std::string_view end,
                      AppendMember append_member) {
    out += begin;
    bool is_first = true;
    for (const auto& member : members) {
      if (!is_first) out += ", ";
      is_first = false;
      append_member(member);
    }
    out += end;
  }
};

}  // namespace

void append_value(std::string& out, const AttributeValue& value) {
  std::visit(Append{out}, value.variant());
}

void append_name(std::string& out, std::string_view name) {
  const bool is_plain = !name.empty() && std::ranges::all_of(name, [](unsigned char byte) {
    return std::isalnum(byte) != 0 || byte == '_' || byte == '-';
  });
  if (is_plain)
    out += name;
  else
    append_quoted(out, name);
}

}  // namespace millrace::cli::stream
