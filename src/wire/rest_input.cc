#include "wire/rest_input.h"

#include <charconv>

#include "auth/uri.h"
#include "json/writer.h"

namespace millrace::wire {
namespace {

using api::Shape;
using api::ShapeType;

constexpr std::string_view kJsonSpace = " \t\r\n";

bool is_integer(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// What is not of its type stays a text, for the checks to complain of.
void write_value(json::Writer& writer, const Shape& shape, std::string_view text) {
  const bool is_number = shape.type == ShapeType::kInteger || shape.type == ShapeType::kLong;
  if (is_number && is_integer(text)) return writer.raw(text.starts_with("-0") ? "0" : text);
  if (shape.type == ShapeType::kBoolean && (text == "true" || text == "false")) {
    return writer.raw(text);
  }
  writer.string(text);
}

struct Parameter {
  std::string name;
  std::string value;
};

std::vector<Parameter> parameters_of(std::string_view target) {
  std::vector<Parameter> parameters;
  const size_t question = target.find('?');
  if (question == std::string_view::npos) return parameters;
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const size_t equals = std::min(pair.find('='), pair.size());
    parameters.push_back({auth::uri_decode(pair.substr(0, equals)),
                          auth::uri_decode(pair.substr(std::min(pair.size(), equals + 1)))});
  }
  return parameters;
}

void write_query_member(json::Writer& writer, const api::BoundMember& bound,
                        const std::vector<Parameter>& parameters) {
  const bool is_list = bound.shape->type == ShapeType::kList;
  bool found = false;
  writer.key(bound.member);
  for (const Parameter& parameter : parameters) {
    if (parameter.name != bound.wire_name) continue;
    if (is_list && !found) writer.begin_array();
    found = true;
    write_value(writer, is_list ? *bound.shape->element : *bound.shape, parameter.value);
    if (!is_list) return;
  }
  if (!found) return writer.null();
  writer.end_array();
}

}  // namespace

Error unreadable_body() {
  return {ErrorCode::kInvalidRequestContentException,
          "Could not parse request body into json: the body is not a JSON object in UTF-8"};
}

Result<std::string> rest_input(const api::RestBinding& binding,
                               const std::vector<std::string>& labels,
                               const http::Request& request) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  for (size_t i = 0; i < labels.size(); ++i) {
    writer.key(binding.path[i].member);
    write_value(writer, *binding.path[i].shape, labels[i]);
  }
  if (!binding.query.empty()) {
    const std::vector<Parameter> parameters = parameters_of(request.target);
    for (const api::BoundMember& bound : binding.query) {
      write_query_member(writer, bound, parameters);
    }
  }
  for (const api::BoundMember& bound : binding.headers) {
    writer.key(bound.member);
    const std::string_view value = request.header(bound.wire_name);
    value.empty() ? writer.null() : write_value(writer, *bound.shape, value);
  }
  if (!binding.payload.empty()) writer.member(binding.payload, "");
  writer.end_object();
  if (!binding.payload.empty()) return text;

  std::string_view body = request.body;
  body.remove_prefix(std::min(body.find_first_not_of(kJsonSpace), body.size()));
  if (body.empty()) return text;
  if (!body.starts_with('{')) return unreadable_body();
  body.remove_prefix(1);
  const size_t first = body.find_first_not_of(kJsonSpace);
  const bool is_empty = first == std::string_view::npos || body[first] == '}';
  text.pop_back();
  text.reserve(text.size() + body.size() + 1);
  if (text != "{" && !is_empty) text.push_back(',');
  text += body;
  return text;
}

}  // namespace millrace::wire
