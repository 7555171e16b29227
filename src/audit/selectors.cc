#include "audit/selectors.h"

#include <algorithm>

namespace millrace::audit {
namespace {

using Values = std::vector<std::string>;

bool contains(const Values& values, std::string_view value) {
  return std::ranges::find(values, value) != values.end();
}

bool any_begins(const Values& values, std::string_view value) {
  return std::ranges::any_of(
      values, [&](const std::string& beginning) { return value.starts_with(beginning); });
}

bool any_ends(const Values& values, std::string_view value) {
  return std::ranges::any_of(values, [&](const std::string& end) { return value.ends_with(end); });
}

bool holds(const FieldSelector& field, std::string_view value) {
  if (contains(field.not_equals, value) || any_begins(field.not_starts_with, value) ||
      any_ends(field.not_ends_with, value)) {
    return false;
  }
  const bool selects =
      !field.equals.empty() || !field.starts_with.empty() || !field.ends_with.empty();
  return !selects || contains(field.equals, value) || any_begins(field.starts_with, value) ||
         any_ends(field.ends_with, value);
}

std::string_view category_name(Category category) {
  return category == Category::kManagement ? "Management" : "Data";
}

// Of a field of the event itself; empty for one that it has not.
std::string_view value_of(std::string_view field, const EventFacts& facts) {
  if (field == "eventCategory") return category_name(facts.category);
  if (field == "readOnly") return facts.read_only ? "true" : "false";
  if (field == "eventName") return facts.event_name;
  if (field == "eventSource") return facts.event_source;
  if (field == "userIdentity.arn") return facts.identity_arn;
  if (field == "eventType") return "AwsApiCall";
  if (field == "sessionCredentialFromConsole") return "false";
  return {};
}

bool is_of_resource(const FieldSelector& field) {
  return field.field.starts_with("resources.");
}

bool holds(const FieldSelector& field, const Resource& resource) {
  return holds(field, field.field == "resources.type" ? resource.type : resource.arn);
}

bool covers(const AdvancedSelector& selector, const EventFacts& facts) {
  bool asks_for_resource = false;
  for (const FieldSelector& field : selector.fields) {
    if (is_of_resource(field)) {
      asks_for_resource = true;
    } else if (!holds(field, value_of(field.field, facts))) {
      return false;
    }
  }
  return !asks_for_resource || std::ranges::any_of(facts.resources, [&](const Resource& resource) {
    return std::ranges::all_of(selector.fields, [&](const FieldSelector& field) {
      return !is_of_resource(field) || holds(field, resource);
    });
  });
}

// The value that stands for all resources of a type.
std::string_view all_of_type(std::string_view type) {
  return type == "AWS::Lambda::Function" ? "arn:aws:lambda" : "arn:aws:dynamodb";
}

bool covers(const DataResource& selected, const Resource& resource) {
  return selected.type == resource.type && (contains(selected.values, resource.arn) ||
                                            contains(selected.values, all_of_type(resource.type)));
}

bool covers(const BasicSelector& selector, const EventFacts& facts) {
  const bool excluded = facts.read_only ? selector.read_write_type == ReadWriteType::kWriteOnly
                                        : selector.read_write_type == ReadWriteType::kReadOnly;
  if (excluded) return false;
  if (facts.category == Category::kManagement) {
    return selector.include_management_events &&
           !contains(selector.exclude_management_event_sources, facts.event_source);
  }
  return std::ranges::any_of(selector.data_resources, [&](const DataResource& selected) {
    return std::ranges::any_of(
        facts.resources, [&](const Resource& resource) { return covers(selected, resource); });
  });
}

bool may_cover(const BasicSelector& selector, Category category) {
  if (category == Category::kManagement) return selector.include_management_events;
  return std::ranges::any_of(selector.data_resources,
                             [](const DataResource& selected) { return !selected.values.empty(); });
}

bool may_cover(const AdvancedSelector& selector, Category category) {
  return std::ranges::all_of(selector.fields, [&](const FieldSelector& field) {
    return field.field != "eventCategory" || holds(field, category_name(category));
  });
}

}  // namespace

Selectors default_selectors() {
  return {.basic = {BasicSelector{}}, .advanced = {}};
}

bool covers(const Selectors& selectors, const EventFacts& facts) {
  const auto covers_it = [&](const auto& selector) { return covers(selector, facts); };
  return std::ranges::any_of(selectors.basic, covers_it) ||
         std::ranges::any_of(selectors.advanced, covers_it);
}

bool may_cover(const Selectors& selectors, Category category) {
  const auto may = [&](const auto& selector) { return may_cover(selector, category); };
  return std::ranges::any_of(selectors.basic, may) || std::ranges::any_of(selectors.advanced, may);
}

}  // namespace millrace::audit
