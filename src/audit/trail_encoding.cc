#include "audit/trail_encoding.h"

#include <charconv>

#include "audit/selectors_json.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::audit {
namespace {

constexpr int64_t kVersion = 1;

// Every member once, for writing and for reading.
template <typename Fields, typename AnyTrail>
void visit(Fields& fields, AnyTrail& trail) {
  fields("sink", trail.sink);
  fields("name", trail.name);
  fields("arn", trail.arn);
  fields("bucket", trail.bucket);
  fields("key_prefix", trail.key_prefix);
  fields("log_file_validation", trail.log_file_validation);
  fields("log_group_arn", trail.log_group_arn);
  fields("log_role_arn", trail.log_role_arn);
  fields("kms_key_id", trail.kms_key_id);
  fields("multi_region", trail.multi_region);
  fields("include_global_service_events", trail.include_global_service_events);
  fields("tags", trail.tags);
  fields("event_selectors", trail.selectors.basic);
  fields("advanced_event_selectors", trail.selectors.advanced);
  fields("logging", trail.logging);
  fields("created_milliseconds", trail.created_milliseconds);
  fields("start_logging_milliseconds", trail.start_logging_milliseconds);
  fields("stop_logging_milliseconds", trail.stop_logging_milliseconds);
}

class FieldWriter {
 public:
  explicit FieldWriter(json::Writer& writer) : writer_(writer) {}

  void operator()(std::string_view name, const std::string& value) { writer_.member(name, value); }
  void operator()(std::string_view name, int64_t value) { writer_.member(name, value); }
  void operator()(std::string_view name, bool value) { writer_.member(name, value); }
  // A text: not every reader of JSON has integers of 64 bits without a sign.
  void operator()(std::string_view name, SinkId value) {
    writer_.member(name, std::to_string(value));
  }
  void operator()(std::string_view name, const std::map<std::string, std::string>& values) {
    writer_.key(name);
    writer_.begin_object();
    for (const auto& [key, value] : values) writer_.member(key, value);
    writer_.end_object();
  }
  void operator()(std::string_view name, const std::vector<BasicSelector>& selectors) {
    writer_.key(name);
    write_basic_selectors(writer_, selectors);
  }
  void operator()(std::string_view name, const std::vector<AdvancedSelector>& selectors) {
    writer_.key(name);
    write_advanced_selectors(writer_, selectors);
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
  void operator()(std::string_view name, SinkId& value) {
    const auto digits = get<std::string_view>(name);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    ok_ = ok_ && error == std::errc() && end == digits.data() + digits.size() && value != 0;
  }
  void operator()(std::string_view name, std::map<std::string, std::string>& values) {
    const auto object = get<json::Object>(name);
    if (!ok_) return;
    for (const auto& [key, value] : object) {
      std::string_view text;
      ok_ = ok_ && value.get(text) == simdjson::SUCCESS;
      values[std::string(key)] = text;
    }
  }
  void operator()(std::string_view name, std::vector<BasicSelector>& selectors) {
    const auto array = get<json::Array>(name);
    if (ok_) take(selectors, parse_basic_selectors(array));
  }
  void operator()(std::string_view name, std::vector<AdvancedSelector>& selectors) {
    const auto array = get<json::Array>(name);
    if (ok_) take(selectors, parse_advanced_selectors(array));
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
    if (found) value = *std::move(found);
  }

  json::Object object_;
  bool ok_;
};

}  // namespace

std::string write_trail(const Trail& trail) {
  std::string out;
  json::Writer writer(out);
  FieldWriter fields(writer);
  writer.begin_object();
  writer.member("version", kVersion);
  visit(fields, trail);
  writer.end_object();
  return out;
}

Result<Trail> read_trail(std::string_view text) {
  const Error unreadable = internal_error("a stored trail cannot be read");
  auto document = json::Document::parse(text);
  if (!document) return unreadable;
  FieldReader fields(document->root());
  int64_t version = 0;
  fields("version", version);
  if (version != kVersion) return unreadable;
  Trail trail;
  visit(fields, trail);
  if (!fields.ok()) return unreadable;
  return trail;
}

}  // namespace millrace::audit
