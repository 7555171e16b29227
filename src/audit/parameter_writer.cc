#include "audit/parameter_writer.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace::audit {

bool ParameterWriter::fits(size_t bytes) {
  full_ = full_ || out_.size() + bytes > kParametersBytesMax;
  return !full_;
}

void ParameterWriter::begin_object() {
  if (fits(1)) writer_.begin_object();
}
void ParameterWriter::end_object() {
  if (fits(1)) writer_.end_object();
}
void ParameterWriter::begin_array() {
  if (fits(1)) writer_.begin_array();
}
void ParameterWriter::end_array() {
  if (fits(1)) writer_.end_array();
}
void ParameterWriter::key(std::string_view name) {
  if (fits(name.size())) writer_.key(name);
}
void ParameterWriter::string(std::string_view value) {
  if (fits(value.size())) writer_.string(value);
}
void ParameterWriter::raw(std::string_view json) {
  if (fits(json.size())) writer_.raw(json);
}

void ParameterWriter::lowered_key(std::string_view name) {
  if (!fits(name.size())) return;
  const size_t before = out_.size();
  writer_.key(name);
  const size_t first = out_.find('"', before) + 1;
  if (out_[first] >= 'A' && out_[first] <= 'Z') out_[first] += 'a' - 'A';
}

void ParameterWriter::scalar(json::Element value) {
  using simdjson::dom::element_type;
  switch (value.type()) {
    case element_type::STRING:
      return string(value.get_string().value_unsafe());
    case element_type::INT64:
      return raw(fmt::format_int(value.get_int64().value_unsafe()).c_str());
    case element_type::UINT64:
      return raw(fmt::format_int(value.get_uint64().value_unsafe()).c_str());
    case element_type::DOUBLE:
      return raw(fmt::format("{}", value.get_double().value_unsafe()));
    case element_type::BOOL:
      return raw(value.get_bool().value_unsafe() ? "true" : "false");
    default:
      return raw("null");
  }
}

bool NamesSeen::add(std::string_view name) {
  if (few_.size() < kFewNames) {
    if (std::ranges::find(few_, name) != few_.end()) return false;
    few_.push_back(name);
    return true;
  }
  if (many_.empty()) many_.insert(few_.begin(), few_.end());
  return many_.insert(name).second;
}

}  // namespace millrace::audit
