#include "triggers/mapping_encoding.h"

#include "json/document.h"
#include "json/writer.h"

namespace millrace::triggers {
namespace {

// Every member once, for writing and for reading.
template <typename Fields, typename AnyMapping>
void visit(Fields& fields, AnyMapping& mapping) {
  fields("uuid", mapping.uuid);
  fields("event_source_arn", mapping.event_source_arn);
  fields("function_arn", mapping.function_arn);
  fields("state", mapping.state);
  fields("enabled", mapping.enabled);
  fields("state_transition_reason", mapping.state_transition_reason);
  fields("last_modified_milliseconds", mapping.last_modified_milliseconds);
  fields("starting_position", mapping.starting_position);
  fields("batch_size", mapping.batch_size);
  fields("maximum_batching_window_seconds", mapping.maximum_batching_window_seconds);
  fields("parallelization_factor", mapping.parallelization_factor);
  fields("maximum_record_age_seconds", mapping.maximum_record_age_seconds);
  fields("maximum_retry_attempts", mapping.maximum_retry_attempts);
  fields("bisect_batch_on_function_error", mapping.bisect_batch_on_function_error);
  fields("report_batch_item_failures", mapping.report_batch_item_failures);
  fields("tumbling_window_seconds", mapping.tumbling_window_seconds);
  fields("filter_patterns", mapping.filter_patterns);
  fields("on_failure_destination", mapping.on_failure_destination);
  fields("tags", mapping.tags);
}

class FieldWriter {
 public:
  explicit FieldWriter(json::Writer& writer) : writer_(writer) {}

  void operator()(std::string_view name, const std::string& value) { writer_.member(name, value); }
  void operator()(std::string_view name, int64_t value) { writer_.member(name, value); }
  void operator()(std::string_view name, bool value) { writer_.member(name, value); }
  void operator()(std::string_view name, MappingState value) {
    writer_.member(name, mapping_state_name(value));
  }
  void operator()(std::string_view name, StartingPosition value) {
    writer_.member(name, starting_position_name(value));
  }
  void operator()(std::string_view name, const std::vector<std::string>& values) {
    writer_.key(name);
    writer_.begin_array();
    for (const std::string& value : values) writer_.string(value);
    writer_.end_array();
  }
  void operator()(std::string_view name, const std::map<std::string, std::string>& values) {
    writer_.key(name);
    writer_.begin_object();
    for (const auto& [key, value] : values) writer_.member(key, value);
    writer_.end_object();
  }

 private:
  json::Writer& writer_;
};

// Remembers whether any member was missing or of another type.
class FieldReader {
 public:
  explicit FieldReader(json::Element root) { ok_ = root.get(object_) == simdjson::SUCCESS; }
  [[nodiscard]] bool ok() const { return ok_; }

  void operator()(std::string_view name, std::string& value) {
    value = get<std::string_view>(name);
  }
  void operator()(std::string_view name, int64_t& value) { value = get<int64_t>(name); }
  void operator()(std::string_view name, bool& value) { value = get<bool>(name); }
  void operator()(std::string_view name, MappingState& value) {
    take(value, mapping_state_of_name(get<std::string_view>(name)));
  }
  void operator()(std::string_view name, StartingPosition& value) {
    take(value, starting_position_of_name(get<std::string_view>(name)));
  }
  void operator()(std::string_view name, std::vector<std::string>& values) {
    const auto array = get<json::Array>(name);
    if (!ok_) return;
    for (const json::Element element : array) values.push_back(text_of(element));
  }
  void operator()(std::string_view name, std::map<std::string, std::string>& values) {
    const auto object = get<json::Object>(name);
    if (!ok_) return;
    for (const auto& [key, value] : object) values[std::string(key)] = text_of(value);
  }

 private:
  template <typename T>
  T get(std::string_view name) {
    T value{};
    ok_ = ok_ && object_.at_key(name).get(value) == simdjson::SUCCESS;
    return value;
  }
  template <typename T>
  void take(T& value, std::optional<T> found) {
    ok_ = ok_ && found.has_value();
    if (found) value = *found;
  }
  std::string text_of(json::Element element) {
    std::string_view text;
    ok_ = ok_ && element.get(text) == simdjson::SUCCESS;
    return std::string(text);
  }

  json::Object object_;
  bool ok_;
};

}  // namespace

std::string write_mapping(const Mapping& mapping) {
  std::string out;
  json::Writer writer(out);
  FieldWriter fields(writer);
  writer.begin_object();
  visit(fields, mapping);
  writer.end_object();
  return out;
}

Result<Mapping> read_mapping(std::string_view text) {
  const Error unreadable = internal_error("a stored event source mapping cannot be read");
  auto document = json::Document::parse(text);
  if (!document) return unreadable;
  Mapping mapping;
  FieldReader fields(document->root());
  visit(fields, mapping);
  if (!fields.ok()) return unreadable;
  return mapping;
}

}  // namespace millrace::triggers
