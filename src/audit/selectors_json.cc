#include "audit/selectors_json.h"

#include <array>
#include <utility>

#include "audit/selector_rules.h"
#include "json/scalar.h"

namespace millrace::audit {
namespace {

using Values = std::vector<std::string>;

constexpr std::array<std::string_view, 3> kReadWriteTypes = {"All", "ReadOnly", "WriteOnly"};

// The operators in the order in which they are written.
constexpr std::array<std::pair<std::string_view, Values FieldSelector::*>, 6> kOperators = {{
    {"Equals", &FieldSelector::equals},
    {"StartsWith", &FieldSelector::starts_with},
    {"EndsWith", &FieldSelector::ends_with},
    {"NotEquals", &FieldSelector::not_equals},
    {"NotStartsWith", &FieldSelector::not_starts_with},
    {"NotEndsWith", &FieldSelector::not_ends_with},
}};

// Takes members of objects, and remembers whether any had another type than it should.
class MemberReader {
 public:
  [[nodiscard]] bool ok() const { return ok_; }

  std::string text(json::Object object, std::string_view name) {
    return get<std::string_view, std::string>(object, name, {});
  }
  bool flag(json::Object object, std::string_view name, bool absent) {
    const auto member = json::member(object, name);
    if (!member) return absent;
    const auto flag = json::to_boolean(*member);
    ok_ = ok_ && flag.has_value();
    return flag.value_or(absent);
  }
  Values texts(json::Object object, std::string_view name) {
    Values values;
    each<std::string_view>(array(object, name),
                           [&](std::string_view value) { values.emplace_back(value); });
    return values;
  }
  // Of an array of objects, what `read` makes of each.
  template <typename T, typename Read>
  std::vector<T> objects(std::optional<json::Array> array, const Read& read) {
    std::vector<T> values;
    each<json::Object>(array, [&](json::Object object) { values.push_back(read(object)); });
    return values;
  }
  std::optional<json::Array> array(json::Object object, std::string_view name) {
    return get<json::Array, std::optional<json::Array>>(object, name, std::nullopt);
  }
  void fail() { ok_ = false; }

 private:
  template <typename Json, typename T>
  T get(json::Object object, std::string_view name, T absent) {
    const auto member = json::member(object, name);
    if (!member) return absent;
    Json value;
    if (member->get(value) != simdjson::SUCCESS) {
      ok_ = false;
      return absent;
    }
    return T(value);
  }
  template <typename Json, typename Take>
  void each(std::optional<json::Array> array, const Take& take) {
    if (!array) return;
    for (const json::Element element : *array) {
      Json value;
      if (element.get(value) == simdjson::SUCCESS) {
        take(value);
      } else {
        ok_ = false;
      }
    }
  }

  bool ok_ = true;
};

ReadWriteType read_write_type(MemberReader& reader, json::Object object) {
  const std::string name = reader.text(object, "ReadWriteType");
  if (name.empty()) return ReadWriteType::kAll;
  for (size_t i = 0; i < kReadWriteTypes.size(); ++i) {
    if (name == kReadWriteTypes.at(i)) return static_cast<ReadWriteType>(i);
  }
  reader.fail();
  return ReadWriteType::kAll;
}

BasicSelector basic_selector(MemberReader& reader, json::Object object) {
  BasicSelector selector;
  selector.read_write_type = read_write_type(reader, object);
  selector.include_management_events = reader.flag(object, "IncludeManagementEvents", true);
  selector.data_resources = reader.objects<DataResource>(
      reader.array(object, "DataResources"), [&](json::Object resource) {
        return DataResource{reader.text(resource, "Type"), reader.texts(resource, "Values")};
      });
  selector.exclude_management_event_sources = reader.texts(object, "ExcludeManagementEventSources");
  return selector;
}

FieldSelector field_selector(MemberReader& reader, json::Object object) {
  FieldSelector field;
  field.field = reader.text(object, "Field");
  for (const auto& [name, values] : kOperators) field.*values = reader.texts(object, name);
  return field;
}

AdvancedSelector advanced_selector(MemberReader& reader, json::Object object) {
  AdvancedSelector selector;
  selector.name = reader.text(object, "Name");
  selector.fields = reader.objects<FieldSelector>(
      reader.array(object, "FieldSelectors"),
      [&](json::Object field) { return field_selector(reader, field); });
  return selector;
}

void write_texts(json::Writer& writer, std::string_view name, const Values& values) {
  writer.key(name);
  writer.begin_array();
  for (const std::string& value : values) writer.string(value);
  writer.end_array();
}

Error malformed() {
  return {ErrorCode::kInvalidEventSelectorsException, "The event selectors are malformed."};
}

}  // namespace

std::optional<std::vector<BasicSelector>> parse_basic_selectors(json::Array array) {
  MemberReader reader;
  auto selectors = reader.objects<BasicSelector>(
      array, [&](json::Object object) { return basic_selector(reader, object); });
  if (!reader.ok()) return std::nullopt;
  return selectors;
}

std::optional<std::vector<AdvancedSelector>> parse_advanced_selectors(json::Array array) {
  MemberReader reader;
  auto selectors = reader.objects<AdvancedSelector>(
      array, [&](json::Object object) { return advanced_selector(reader, object); });
  if (!reader.ok()) return std::nullopt;
  return selectors;
}

Result<std::vector<BasicSelector>> read_basic_selectors(json::Array selectors) {
  auto read = parse_basic_selectors(selectors);
  if (!read) return malformed();
  TRY(check_basic_selectors(*read));
  return std::move(*read);
}

Result<std::vector<AdvancedSelector>> read_advanced_selectors(json::Array selectors,
                                                              SelectorOwner owner) {
  auto read = parse_advanced_selectors(selectors);
  if (!read) return malformed();
  TRY(check_advanced_selectors(*read, owner));
  return std::move(*read);
}

void write_basic_selectors(json::Writer& writer, const std::vector<BasicSelector>& selectors) {
  writer.begin_array();
  for (const BasicSelector& selector : selectors) {
    writer.begin_object();
    writer.member("ReadWriteType",
                  kReadWriteTypes.at(static_cast<size_t>(selector.read_write_type)));
    writer.member("IncludeManagementEvents", selector.include_management_events);
    writer.key("DataResources");
    writer.begin_array();
    for (const DataResource& resource : selector.data_resources) {
      writer.begin_object();
      writer.member("Type", resource.type);
      write_texts(writer, "Values", resource.values);
      writer.end_object();
    }
    writer.end_array();
    write_texts(writer, "ExcludeManagementEventSources", selector.exclude_management_event_sources);
    writer.end_object();
  }
  writer.end_array();
}

void write_advanced_selectors(json::Writer& writer,
                              const std::vector<AdvancedSelector>& selectors) {
  writer.begin_array();
  for (const AdvancedSelector& selector : selectors) {
    writer.begin_object();
    if (!selector.name.empty()) writer.member("Name", selector.name);
    writer.key("FieldSelectors");
    writer.begin_array();
    for (const FieldSelector& field : selector.fields) {
      writer.begin_object();
      writer.member("Field", field.field);
      for (const auto& [name, values] : kOperators) {
        if (!(field.*values).empty()) write_texts(writer, name, field.*values);
      }
      writer.end_object();
    }
    writer.end_array();
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace millrace::audit
