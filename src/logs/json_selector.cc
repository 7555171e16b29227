#include "logs/json_selector.h"

#include <charconv>

#include "logs/filter_pattern.h"

namespace millrace::logs {
namespace {

constexpr std::string_view kNameEnds = " \t\r\n\f\v.[]=!<>&|(){}\"%,";

}  // namespace

// Behind the opening bracket.
Result<JsonSelector::Step> JsonSelector::parse_brackets(PatternText& text) {
  if (text.take("*]")) return Step(Everything{});
  for (const std::string_view quote : {"'", "\""}) {
    if (!text.take(quote)) continue;
    std::string name(text.take_until(quote));
    if (!text.take(quote) || !text.take("]")) return invalid_filter_pattern();
    return Step(std::move(name));
  }
  const std::string_view digits = text.take_until("]");
  uint64_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc() || end != digits.data() + digits.size() || !text.take("]")) {
    return invalid_filter_pattern();
  }
  return Step(index);
}

Result<JsonSelector> JsonSelector::parse(PatternText& text) {
  const std::string_view begin = text.rest();
  if (!text.take("$")) return invalid_filter_pattern();
  JsonSelector selector;
  while (true) {
    if (text.take(".[") || text.take("[")) {
      selector.steps_.push_back(TRY(parse_brackets(text)));
    } else if (text.take(".")) {
      const std::string_view name = text.take_until(kNameEnds);
      if (name.empty()) return invalid_filter_pattern();
      selector.steps_.push_back(name == "*" ? Step(Everything{}) : Step(std::string(name)));
    } else {
      break;
    }
  }
  if (selector.steps_.empty()) return invalid_filter_pattern();
  selector.text_ = begin.substr(0, begin.size() - text.rest().size());
  return selector;
}

bool JsonSelector::any(json::Element root, const Visitor& visit) const {
  return any_from(0, root, visit);
}

bool JsonSelector::any_from(size_t step, json::Element element, const Visitor& visit) const {
  if (step == steps_.size()) return visit(element);
  json::Object object;
  json::Array array;
  const bool is_object = element.get(object) == simdjson::SUCCESS;
  const bool is_array = element.get(array) == simdjson::SUCCESS;
  json::Element inner;
  if (const auto* name = std::get_if<std::string>(&steps_[step])) {
    return is_object && object.at_key(*name).get(inner) == simdjson::SUCCESS &&
           any_from(step + 1, inner, visit);
  }
  if (const auto* index = std::get_if<uint64_t>(&steps_[step])) {
    return is_array && array.at(*index).get(inner) == simdjson::SUCCESS &&
           any_from(step + 1, inner, visit);
  }
  if (is_object) {
    for (const auto& field : object) {
      if (any_from(step + 1, field.value, visit)) return true;
    }
  }
  if (is_array) {
    for (const json::Element each : array) {
      if (any_from(step + 1, each, visit)) return true;
    }
  }
  return false;
}

}  // namespace millrace::logs
