// Event selectors: which events a trail or an event data store covers (CloudTrail API Reference,
// EventSelector and AdvancedEventSelector).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/event.h"

namespace millrace::audit {

// What a selector looks at. Lives as long as what it was made of.
struct EventFacts {
  Category category;
  bool read_only;
  std::string_view event_source;
  std::string_view event_name;
  std::string_view identity_arn;
  const std::vector<Resource>& resources;
};

struct DataResource {
  std::string type;
  std::vector<std::string> values;

  friend bool operator==(const DataResource&, const DataResource&) = default;
};

enum class ReadWriteType : uint8_t { kAll, kReadOnly, kWriteOnly };

struct BasicSelector {
  ReadWriteType read_write_type = ReadWriteType::kAll;
  bool include_management_events = true;
  std::vector<DataResource> data_resources = {};
  std::vector<std::string> exclude_management_event_sources = {};

  friend bool operator==(const BasicSelector&, const BasicSelector&) = default;
};

// One field. Of the operators that select, any value of any of them must match, where any is given;
// of those that begin with "not", none (User Guide, "How CloudTrail evaluates multiple conditions
// for a field").
struct FieldSelector {
  std::string field;  // "resources.ARN"
  std::vector<std::string> equals = {};
  std::vector<std::string> starts_with = {};
  std::vector<std::string> ends_with = {};
  std::vector<std::string> not_equals = {};
  std::vector<std::string> not_starts_with = {};
  std::vector<std::string> not_ends_with = {};

  friend bool operator==(const FieldSelector&, const FieldSelector&) = default;
};

struct AdvancedSelector {
  std::string name = {};
  std::vector<FieldSelector> fields = {};  // all must hold

  friend bool operator==(const AdvancedSelector&, const AdvancedSelector&) = default;
};

// Of one kind or the other, as they were put. Any of them covers an event.
struct Selectors {
  std::vector<BasicSelector> basic = {};
  std::vector<AdvancedSelector> advanced = {};

  friend bool operator==(const Selectors&, const Selectors&) = default;
};

// What a trail has until others are put: management events, of reads and writes.
[[nodiscard]] Selectors default_selectors();

// An event with several resources is covered when one of them is: it must meet all that is asked of
// resources by itself. Every event that is asked about comes from a request (eventType AwsApiCall)
// that no session of a console made.
[[nodiscard]] bool covers(const Selectors& selectors, const EventFacts& facts);
// Whether there can be an event of the category that they cover.
[[nodiscard]] bool may_cover(const Selectors& selectors, Category category);

}  // namespace millrace::audit
