#include "cli/deploy/parameters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

namespace millrace::cli::deploy {

namespace {

using resources::fault;
using resources::joined;
using resources::Node;
using resources::NodeMember;

constexpr auto kTypes =
    std::to_array<std::string_view>({"String", "Number", "CommaDelimitedList", "List<Number>"});
constexpr auto kMembers = std::to_array<std::string_view>(
    {"AllowedPattern", "AllowedValues", "ConstraintDescription", "Default", "Description",
     "MaxLength", "MaxValue", "MinLength", "MinValue", "NoEcho", "Type"});

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc() || stopped != end) return std::nullopt;
  return value;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find(',', begin), text.size());
    std::string part = text.substr(begin, end - begin);
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    parts.push_back(std::move(part));
    begin = end + 1;
  }
  return parts;
}

// Checks single values of one parameter.
class Rules {
 public:
  Rules(const Node& declaration, std::string path)
      : declaration_(declaration), path_(std::move(path)), type_(declaration.text_of("Type")) {}

  Status check_declaration() const {
    if (!declaration_.is_map()) return fault(declaration_, path_, "takes a map");
    for (const NodeMember& member : declaration_.members) {
      if (std::ranges::find(kMembers, member.name) == kMembers.end()) {
        return fault(member.value, joined(path_, member.name), "is not supported");
      }
    }
    if (std::ranges::find(kTypes, type_) == kTypes.end()) {
      return fault(declaration_, path_,
                   fmt::format("the type '{}' is not supported: there are String, Number, "
                               "CommaDelimitedList and List<Number>",
                               type_));
    }
    return Done{};
  }

  [[nodiscard]] bool is_list() const {
    return type_ == "CommaDelimitedList" || type_ == "List<Number>";
  }

  Status check(const std::string& value) const {
    const bool is_number = type_ == "Number" || type_ == "List<Number>";
    if (is_number && !number_of(value)) return refused(value, "is not a number");
    TRY(check_allowed(value));
    if (const Node* pattern = declaration_.find("AllowedPattern")) {
      const re2::RE2 expression(pattern->text, re2::RE2::Quiet);
      if (!expression.ok()) {
        return fault(*pattern, joined(path_, "AllowedPattern"), "is not a regular expression");
      }
      if (!re2::RE2::FullMatch(value, expression)) {
        return refused(value, "does not match " + pattern->text);
      }
    }
    TRY(check_bound("MinLength", static_cast<double>(value.size()), value, true));
    TRY(check_bound("MaxLength", static_cast<double>(value.size()), value, false));
    if (!is_number) return Done{};
    TRY(check_bound("MinValue", *number_of(value), value, true));
    return check_bound("MaxValue", *number_of(value), value, false);
  }

 private:
  [[nodiscard]] Error refused(const std::string& value, std::string_view why) const {
    const std::string explanation = declaration_.text_of("ConstraintDescription");
    return fault(declaration_, path_,
                 fmt::format("'{}' {}{}{}", value.substr(0, 100), why,
                             explanation.empty() ? "" : ": ", explanation));
  }

  Status check_allowed(const std::string& value) const {
    const Node* allowed = declaration_.find("AllowedValues");
    if (allowed == nullptr ||
        std::ranges::find(allowed->items, value, &Node::text) != allowed->items.end()) {
      return Done{};
    }
    std::string list;
    for (const Node& item : allowed->items) list += (list.empty() ? "" : ", ") + item.text;
    return refused(value, "is none of the allowed values: " + list);
  }

  Status check_bound(const char* name, double actual, const std::string& value,
                     bool is_minimum) const {
    const Node* bound = declaration_.find(name);
    if (bound == nullptr) return Done{};
    const auto limit = number_of(bound->text);
    if (!limit) return fault(*bound, joined(path_, name), "is not a number");
    if (is_minimum ? actual >= *limit : actual <= *limit) return Done{};
    return refused(value, fmt::format("breaks {} {}", name, bound->text));
  }

  const Node& declaration_;
  const std::string path_;
  const std::string type_;
};

Result<Node> value_of(const NodeMember& parameter,
                      const std::map<std::string, std::string>& given) {
  const std::string path = "Parameters." + parameter.name;
  const Rules rules(parameter.value, path);
  TRY(rules.check_declaration());
  const Node* otherwise = parameter.value.find("Default");
  const auto found = given.find(parameter.name);
  if (found == given.end() && (otherwise == nullptr || !otherwise->is_scalar())) {
    return fault(parameter.value, path,
                 fmt::format("has no default: give --parameter {}=…", parameter.name));
  }
  const std::string text = found == given.end() ? otherwise->text : found->second;
  if (!rules.is_list()) {
    TRY(rules.check(text));
    return Node::of_text(text);
  }
  Node list = Node::list();
  for (const std::string& part : split(text)) {
    TRY(rules.check(part));
    list.items.push_back(Node::of_text(part));
  }
  return list;
}

}  // namespace

Result<ParameterValues> parameter_values(const Node& section,
                                         const std::map<std::string, std::string>& given) {
  ParameterValues values;
  for (const NodeMember& parameter : section.members) {
    values.emplace(parameter.name, TRY(value_of(parameter, given)));
  }
  for (const auto& [name, value] : given) {
    if (!values.contains(name)) {
      return Error{
          ErrorCode::kInvalidConfiguration,
          fmt::format("--parameter {}={}: the template has no such parameter", name, value)};
    }
  }
  return values;
}

}  // namespace millrace::cli::deploy
