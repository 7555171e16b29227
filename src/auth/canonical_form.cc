#include "auth/canonical_form.h"

#include <algorithm>
#include <vector>

#include "auth/uri.h"

namespace millrace::auth {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

void append_canonical_path(std::string& out, std::string_view path) {
  if (path == "/" || path.empty()) {
    out += '/';
    return;
  }
  std::vector<std::string_view> segments;
  bool ends_with_slash = false;
  for (size_t begin = 0; begin <= path.size();) {
    size_t end = std::min(path.find('/', begin), path.size());
    std::string_view segment = path.substr(begin, end - begin);
    ends_with_slash = segment.empty() || segment == "." || segment == "..";
    if (segment == ".." && !segments.empty()) segments.pop_back();
    if (!ends_with_slash) segments.push_back(segment);
    begin = end + 1;
  }
  for (std::string_view segment : segments) {
    out += '/';
    append_uri_encoded(out, segment);
  }
  if (ends_with_slash || segments.empty()) out += '/';
}

void append_canonical_query(std::string& out, std::string_view query, std::string_view left_out) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    if (parameter.empty()) continue;
    size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string decoded = uri_decode(parameter.substr(0, equals));
    if (!left_out.empty() && decoded == left_out) continue;
    auto& [name, value] = parameters.emplace_back();
    append_uri_encoded(name, decoded);
    if (equals < parameter.size()) {
      append_uri_encoded(value, uri_decode(parameter.substr(equals + 1)));
    }
  }
  std::sort(parameters.begin(), parameters.end());
  for (const auto& [name, value] : parameters) {
    if (&name != &parameters.front().first) out += '&';
    out.append(name).append("=").append(value);
  }
}

void append_trimmed(std::string& out, std::string_view value) {
  bool is_first = true;
  for (size_t at = 0; at < value.size();) {
    if (is_space(value[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < value.size() && !is_space(value[end])) ++end;
    if (!is_first) out += ' ';
    is_first = false;
    out.append(value, at, end - at);
    at = end;
  }
}

void append_lower_case(std::string& out, std::string_view text) {
  for (char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace millrace::auth
