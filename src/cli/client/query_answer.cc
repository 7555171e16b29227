#include "cli/client/query_answer.h"

#include <algorithm>
#include <pugixml.hpp>

#include <fmt/format.h>

#include "json/writer.h"

namespace millrace::cli {

namespace {

constexpr int kDepthMax = 32;

bool load(pugi::xml_document& document, std::string_view xml) {
  return bool(document.load_buffer(xml.data(), xml.size(),
                                   pugi::parse_default | pugi::parse_ws_pcdata_single,
                                   pugi::encoding_utf8));
}

bool is_element(const pugi::xml_node& node) {
  return node.type() == pugi::node_element;
}

// Whether it was not too deep.
bool write_value(json::Writer& writer, const pugi::xml_node& element, int depth) {
  if (depth > kDepthMax) return false;
  const auto children = element.children();
  const auto is_member = [](const pugi::xml_node& child) {
    return !is_element(child) || std::string_view(child.name()) == "member";
  };
  if (std::none_of(children.begin(), children.end(), is_element)) {
    writer.string(element.child_value());
    return true;
  }
  const bool is_list = std::all_of(children.begin(), children.end(), is_member);
  is_list ? writer.begin_array() : writer.begin_object();
  for (const pugi::xml_node child : children) {
    if (!is_element(child)) continue;
    if (!is_list) writer.key(child.name());
    if (!write_value(writer, child, depth + 1)) return false;
  }
  is_list ? writer.end_array() : writer.end_object();
  return true;
}

}  // namespace

Result<std::string> query_answer_json(std::string_view operation, std::string_view xml) {
  const Error no_answer{ErrorCode::kServiceUnavailableException,
                        fmt::format("{}: the answer cannot be read", operation)};
  pugi::xml_document document;
  if (!load(document, xml)) return no_answer;
  const auto response = document.child(fmt::format("{}Response", operation).c_str());
  if (!response) return no_answer;
  const auto result = response.child(fmt::format("{}Result", operation).c_str());
  const auto children = result.children();
  if (std::none_of(children.begin(), children.end(), is_element)) return std::string("{}");
  std::string json;
  json::Writer writer(json);
  if (!write_value(writer, result, 0) || !json.starts_with('{')) return no_answer;
  return json;
}

std::optional<QueryAnswerError> parse_query_error(std::string_view xml) {
  pugi::xml_document document;
  if (!load(document, xml)) return std::nullopt;
  const auto error = document.child("ErrorResponse").child("Error");
  if (!error) return std::nullopt;
  return QueryAnswerError{error.child_value("Code"), error.child_value("Message")};
}

}  // namespace millrace::cli
