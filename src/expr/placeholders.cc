#include "expr/placeholders.h"

namespace millrace::expr {
namespace {

template <typename Map, typename Used>
auto* find_and_mark(const Map& map, Used& used, std::string_view placeholder) {
  const auto found = map.find(placeholder);
  if (found == map.end()) return static_cast<decltype(&found->second)>(nullptr);
  used.emplace(placeholder);
  return &found->second;
}

template <typename Map, typename Used>
Status check_used(const Map& map, const Used& used, std::string_view parameter) {
  std::string unused;
  for (const auto& entry : map) {
    if (used.contains(entry.first)) continue;
    if (!unused.empty()) unused += ", ";
    unused += entry.first;
  }
  if (unused.empty()) return Done{};
  return validation_error("Value provided in " + std::string(parameter) +
                          " unused in expressions: keys: {" + unused + "}");
}

}  // namespace

const std::string* Placeholders::name(std::string_view placeholder) {
  return find_and_mark(names_, used_names_, placeholder);
}

const AttributeValue* Placeholders::value(std::string_view placeholder) {
  return find_and_mark(values_, used_values_, placeholder);
}

Status Placeholders::check_all_used() const {
  TRY(check_used(names_, used_names_, "ExpressionAttributeNames"));
  return check_used(values_, used_values_, "ExpressionAttributeValues");
}

}  // namespace millrace::expr
