#include "audit/whole_parameters.h"

#include <algorithm>
#include <cmath>

#include "audit/event_date.h"

namespace millrace::audit {
namespace {

// Shapes of requests do not nest deeper, nor do responses.
constexpr int kDepthMax = 32;

bool is_secret(std::string_view member) {
  return member == "Environment" || member == "logEventMessages" || member == "TokenCode";
}
// Of new credentials: what CloudTrail does not even name.
bool is_left_out(std::string_view member) {
  return member == "SecretAccessKey";
}

void write_time(ParameterWriter& writer, json::Element value) {
  double seconds = 0;
  if (value.get(seconds) != simdjson::SUCCESS) return writer.scalar(value);
  // Far beyond all years, where the product still is an integer.
  constexpr double kSecondsMax = 1e12;
  const double bounded = std::clamp(seconds, -kSecondsMax, kSecondsMax);
  writer.string(parameter_time(static_cast<int64_t>(std::floor(bounded * 1000))));
}

void write_shaped(ParameterWriter& writer, const api::Shape& shape, json::Element value, int depth);

void write_structure(ParameterWriter& writer, const api::Shape& shape, json::Object object,
                     int depth) {
  writer.begin_object();
  for (const api::Member& member : shape.members) {
    const auto value = json::member(object, member.name);
    if (!value || member.shape->type == api::ShapeType::kBlob || writer.full()) continue;
    writer.lowered_key(member.name);
    if (!is_secret(member.name)) {
      write_shaped(writer, *member.shape, *value, depth + 1);
    } else if (value->is_object()) {
      writer.raw("{}");
    } else {
      writer.string("HIDDEN_DUE_TO_SECURITY_REASONS");
    }
  }
  writer.end_object();
}

void write_list(ParameterWriter& writer, const api::Shape& shape, json::Array array, int depth) {
  writer.begin_array();
  for (const auto element : array) {
    if (writer.full()) return;
    write_shaped(writer, *shape.element, element, depth + 1);
  }
  writer.end_array();
}

void write_map(ParameterWriter& writer, const api::Shape& shape, json::Object object, int depth) {
  NamesSeen seen;
  writer.begin_object();
  for (const auto [name, value] : object) {
    if (writer.full()) return;
    if (!seen.add(name)) continue;
    writer.key(name);
    write_shaped(writer, *shape.element, value, depth + 1);
  }
  writer.end_object();
}

void write_shaped(ParameterWriter& writer, const api::Shape& shape, json::Element value,
                  int depth) {
  json::Object object;
  json::Array array;
  if (depth > kDepthMax) return writer.raw("null");
  switch (shape.type) {
    case api::ShapeType::kStructure:
      if (value.get(object) != simdjson::SUCCESS) return writer.raw("null");
      return write_structure(writer, shape, object, depth);
    case api::ShapeType::kMap:
      if (value.get(object) != simdjson::SUCCESS) return writer.raw("null");
      return write_map(writer, shape, object, depth);
    case api::ShapeType::kList:
      if (value.get(array) != simdjson::SUCCESS) return writer.raw("null");
      return write_list(writer, shape, array, depth);
    case api::ShapeType::kTimestamp:
      return write_time(writer, value);
    case api::ShapeType::kBlob:
      return writer.raw("null");
    default:
      return writer.scalar(value);
  }
}

// Of the responses of the services there are, whose shapes the API models leave out.
bool is_time(std::string_view member) {
  return member.ends_with("DateTime") || member.ends_with("Timestamp") || member == "LastModified";
}
// Of the query services, which write times as texts.
bool is_time_text(std::string_view member) {
  return member == "CreateDate" || member == "UpdateDate" || member == "Expiration";
}
bool is_map(std::string_view member) {
  return member == "Tags" || member == "tags" || member == "AdditionalVersionWeights" ||
         member == "Endpoints";
}

std::optional<int64_t> time_of_text(std::string_view member, json::Element value) {
  if (!is_time_text(member) || !value.is_string()) return std::nullopt;
  return event_time_milliseconds(value.get_string().value_unsafe());
}

void write_response_value(ParameterWriter& writer, json::Element value, bool dates,
                          bool names_are_data, int depth);

void write_response_object(ParameterWriter& writer, json::Object object, bool dates,
                           bool names_are_data, int depth) {
  writer.begin_object();
  for (const auto [name, value] : object) {
    if (writer.full()) return;
    if (is_left_out(name)) continue;
    if (names_are_data) {
      writer.key(name);
    } else {
      writer.lowered_key(name);
    }
    if (is_secret(name)) {
      writer.raw("{}");
    } else if (dates && is_time(name) && value.is_number()) {
      write_time(writer, value);
    } else if (const auto time = time_of_text(name, value)) {
      writer.string(parameter_time(*time));
    } else {
      write_response_value(writer, value, dates, is_map(name) && value.is_object(), depth + 1);
    }
  }
  writer.end_object();
}

void write_response_value(ParameterWriter& writer, json::Element value, bool dates,
                          bool names_are_data, int depth) {
  if (depth > kDepthMax) return writer.raw("null");
  json::Object object;
  if (value.get(object) == simdjson::SUCCESS) {
    return write_response_object(writer, object, dates, names_are_data, depth);
  }
  json::Array array;
  if (value.get(array) != simdjson::SUCCESS) return writer.scalar(value);
  writer.begin_array();
  for (const auto element : array) {
    if (writer.full()) return;
    write_response_value(writer, element, dates, false, depth + 1);
  }
  writer.end_array();
}

}  // namespace

void write_whole_request(ParameterWriter& writer, const api::Shape& shape, json::Object request) {
  write_structure(writer, shape, request, 0);
}

void write_whole_response(ParameterWriter& writer, json::Object response, bool dates) {
  write_response_object(writer, response, dates, false, 0);
}

}  // namespace millrace::audit
