#include "audit/selector_rules.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include <fmt/format.h>

#include "catalog/arn.h"

namespace millrace::audit {
namespace {

constexpr size_t kBasicSelectorsMax = 5;
constexpr size_t kDataResourcesMax = 250;
constexpr size_t kConditionValuesMax = 500;

constexpr std::string_view kTableType = "AWS::DynamoDB::Table";
constexpr std::string_view kStreamType = "AWS::DynamoDB::Stream";
constexpr std::string_view kFunctionType = "AWS::Lambda::Function";
// What a trail may leave out of the management events.
constexpr auto kExcludableSources =
    std::to_array<std::string_view>({"kms.amazonaws.com", "rdsdata.amazonaws.com"});

template <typename... Arguments>
Error refusal(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  return {ErrorCode::kInvalidEventSelectorsException,
          fmt::format(format, std::forward<Arguments>(arguments)...)};
}

template <typename Range>
bool contains(const Range& range, std::string_view value) {
  return std::ranges::find(range, value) != std::ranges::end(range);
}

// "arn:aws:lambda:REGION:ACCOUNT:function:NAME"
bool is_function_arn(std::string_view arn) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = arn.find(':');
    parts.push_back(arn.substr(0, end));
    if (end == std::string_view::npos) break;
    arn.remove_prefix(end + 1);
  }
  return parts.size() == 7 && parts[0] == "arn" && parts[1].starts_with("aws") &&
         parts[2] == "lambda" && parts[5] == "function" &&
         std::ranges::none_of(parts, [](std::string_view part) { return part.empty(); });
}

bool is_arn_of(std::string_view type, std::string_view arn) {
  if (type == kTableType) return catalog::parse_table_arn(arn).has_value();
  if (type == kStreamType) return catalog::parse_stream_arn(arn).has_value();
  return is_function_arn(arn);
}

Status check_data_resource(const DataResource& resource) {
  if (resource.type != kTableType && resource.type != kFunctionType) {
    return refusal("Value {} for DataResources.Type is invalid.", resource.type);
  }
  const std::string_view all = resource.type == kTableType ? "arn:aws:dynamodb" : "arn:aws:lambda";
  for (const std::string& value : resource.values) {
    if (value == all || is_arn_of(resource.type, value)) continue;
    return refusal("Value {} for DataResources.Values is invalid.", value);
  }
  return Done{};
}

// --- advanced selectors ---

enum class Operators : uint8_t { kEquals, kEqualsAndNotEquals, kAll };

struct FieldRule {
  std::string_view name;
  Operators operators;
  bool of_data;
  bool of_management_for_trails;
  bool of_management_for_stores;
};

constexpr auto kFieldRules = std::to_array<FieldRule>({
    {"eventCategory", Operators::kEquals, true, true, true},
    {"eventName", Operators::kAll, true, false, true},
    {"eventSource", Operators::kAll, true, true, true},
    {"eventType", Operators::kAll, true, false, true},
    {"readOnly", Operators::kEquals, true, true, true},
    {"resources.ARN", Operators::kAll, true, false, false},
    {"resources.type", Operators::kEquals, true, false, false},
    {"sessionCredentialFromConsole", Operators::kEqualsAndNotEquals, true, false, true},
    {"userIdentity.arn", Operators::kAll, true, false, true},
});

const FieldRule* find_rule(std::string_view name) {
  const auto* found = std::ranges::find(kFieldRules, name, &FieldRule::name);
  return found == kFieldRules.end() ? nullptr : found;
}

bool has_only_equals(const FieldSelector& field) {
  return field.starts_with.empty() && field.ends_with.empty() && field.not_equals.empty() &&
         field.not_starts_with.empty() && field.not_ends_with.empty();
}

bool has_only(const FieldSelector& field, Operators operators) {
  if (operators == Operators::kAll) return true;
  if (operators == Operators::kEquals) return has_only_equals(field);
  return field.starts_with.empty() && field.ends_with.empty() && field.not_starts_with.empty() &&
         field.not_ends_with.empty();
}

size_t value_count(const FieldSelector& field) {
  return field.equals.size() + field.starts_with.size() + field.ends_with.size() +
         field.not_equals.size() + field.not_starts_with.size() + field.not_ends_with.size();
}

const FieldSelector* find_field(const AdvancedSelector& selector, std::string_view name) {
  const auto found = std::ranges::find(selector.fields, name, &FieldSelector::field);
  return found == selector.fields.end() ? nullptr : &*found;
}

// The one value of a field that may have no more, and that one of `allowed`.
Status check_single_value(const FieldSelector& field, std::span<const std::string_view> allowed) {
  if (field.equals.size() != 1) {
    return refusal("The field {} takes the operator Equals with exactly one value.", field.field);
  }
  if (!contains(allowed, field.equals.front())) {
    return refusal("Value {} for the field {} is invalid. Valid values: {}.", field.equals.front(),
                   field.field, fmt::join(allowed, ", "));
  }
  return Done{};
}

Status check_operators(const FieldSelector& field) {
  const FieldRule* rule = find_rule(field.field);
  if (rule == nullptr) return refusal("The field {} is not supported.", field.field);
  if (value_count(field) == 0) {
    return refusal("The field {} must have an operator.", field.field);
  }
  if (!has_only(field, rule->operators)) {
    return refusal("The field {} supports only the operator{}.", field.field,
                   rule->operators == Operators::kEquals ? " Equals" : "s Equals and NotEquals");
  }
  return Done{};
}

Status check_flags(const AdvancedSelector& selector) {
  constexpr auto kFlags = std::to_array<std::string_view>({"true", "false"});
  if (const auto* read_only = find_field(selector, "readOnly")) {
    TRY(check_single_value(*read_only, kFlags));
  }
  if (const auto* console = find_field(selector, "sessionCredentialFromConsole")) {
    for (const auto* values : {&console->equals, &console->not_equals}) {
      for (const std::string& value : *values) {
        if (contains(kFlags, value)) continue;
        return refusal("Value {} for the field {} is invalid. Valid values: true, false.", value,
                       console->field);
      }
    }
  }
  return Done{};
}

// A trail can only leave out what two services do, and has to do so by their names.
Status check_management_source(const FieldSelector& source) {
  const bool excludes = source.equals.empty() && source.starts_with.empty() &&
                        source.ends_with.empty() && source.not_starts_with.empty() &&
                        source.not_ends_with.empty();
  if (!excludes) {
    return refusal(
        "For management events of a trail, the field eventSource supports only the operator "
        "NotEquals.");
  }
  for (const std::string& value : source.not_equals) {
    if (contains(kExcludableSources, value)) continue;
    return refusal("Value {} for the field eventSource is invalid. Valid values: {}.", value,
                   fmt::join(kExcludableSources, ", "));
  }
  return Done{};
}

Status check_management_fields(const AdvancedSelector& selector, SelectorOwner owner) {
  for (const FieldSelector& field : selector.fields) {
    const FieldRule& rule = *find_rule(field.field);
    const bool allowed = owner == SelectorOwner::kTrail ? rule.of_management_for_trails
                                                        : rule.of_management_for_stores;
    if (!allowed) {
      return refusal("The field {} is not supported for the event category Management.",
                     field.field);
    }
  }
  const auto* source = find_field(selector, "eventSource");
  if (source != nullptr && owner == SelectorOwner::kTrail) return check_management_source(*source);
  return Done{};
}

Status check_data_fields(const AdvancedSelector& selector) {
  const auto* type = find_field(selector, "resources.type");
  if (type == nullptr) {
    return refusal("The field resources.type is required for the event category Data.");
  }
  constexpr auto kTypes = std::to_array<std::string_view>({kTableType, kStreamType, kFunctionType});
  TRY(check_single_value(*type, kTypes));
  const auto* arn = find_field(selector, "resources.ARN");
  if (arn == nullptr) return Done{};
  for (const auto* values : {&arn->equals, &arn->not_equals}) {
    for (const std::string& value : *values) {
      if (is_arn_of(type->equals.front(), value)) continue;
      return refusal(
          "Value {} for the field resources.ARN is not the ARN of a resource of type {}.", value,
          type->equals.front());
    }
  }
  return Done{};
}

Status check_advanced_selector(const AdvancedSelector& selector, SelectorOwner owner) {
  std::set<std::string_view> seen;
  for (const FieldSelector& field : selector.fields) {
    TRY(check_operators(field));
    if (!seen.insert(field.field).second) {
      return refusal("The field {} is there more than once in a selector.", field.field);
    }
  }
  const auto* category = find_field(selector, "eventCategory");
  if (category == nullptr) return refusal("The field eventCategory is required.");
  constexpr auto kCategories = std::to_array<std::string_view>({"Management", "Data"});
  TRY(check_single_value(*category, kCategories));
  TRY(check_flags(selector));
  if (category->equals.front() == "Data") return check_data_fields(selector);
  return check_management_fields(selector, owner);
}

}  // namespace

Status check_basic_selectors(const std::vector<BasicSelector>& selectors) {
  if (selectors.empty() || selectors.size() > kBasicSelectorsMax) {
    return refusal("Specify a valid number of event selectors (1 to {}) for your trail.",
                   kBasicSelectorsMax);
  }
  size_t values = 0;
  for (const BasicSelector& selector : selectors) {
    for (const DataResource& resource : selector.data_resources) {
      TRY(check_data_resource(resource));
      values += resource.values.size();
    }
    for (const std::string& source : selector.exclude_management_event_sources) {
      if (contains(kExcludableSources, source)) continue;
      return refusal("Value {} for ExcludeManagementEventSources is invalid.", source);
    }
  }
  if (values > kDataResourcesMax) {
    return refusal(
        "Specify a valid number of DataResources.Values (0 to {}) for all your selectors",
        kDataResourcesMax);
  }
  return Done{};
}

Status check_advanced_selectors(const std::vector<AdvancedSelector>& selectors,
                                SelectorOwner owner) {
  if (selectors.empty()) return refusal("Specify at least one advanced event selector.");
  size_t values = 0;
  for (const AdvancedSelector& selector : selectors) {
    TRY(check_advanced_selector(selector, owner));
    for (const FieldSelector& field : selector.fields) values += value_count(field);
  }
  if (values > kConditionValuesMax) {
    return refusal("Specify at most {} values for all conditions in all advanced event selectors.",
                   kConditionValuesMax);
  }
  return Done{};
}

}  // namespace millrace::audit
