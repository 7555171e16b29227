#include "wire/rest_route.h"

#include "auth/uri.h"
#include "base/check.h"

namespace millrace::wire {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const size_t end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool is_label(std::string_view segment) {
  return segment.starts_with('{');
}

// A dot segment is none: a signature does not cover it.
bool is_value(std::string_view segment) {
  return !segment.empty() && segment != "." && segment != "..";
}

bool matches(const std::vector<std::string_view>& pattern,
             const std::vector<std::string_view>& segments) {
  if (pattern.size() != segments.size()) return false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (is_label(pattern[i]) ? !is_value(segments[i]) : segments[i] != pattern[i]) return false;
  }
  return true;
}

}  // namespace

RestRoutes::RestRoutes(const std::vector<api::RestService>& services, bool needs_actions) {
  for (const api::RestService& service : services) {
    for (const api::RestOperation& operation : service.operations) {
      const api::RestBinding* binding = api::find_rest_binding(service.model, operation.name);
      const access::Action* action = access::find_action(service.model, operation.name);
      MILLRACE_CHECK(binding != nullptr && (action != nullptr || !needs_actions));
      entries_.push_back(
          {{binding, &operation, audit::find_request_kind(service.model, operation.name), action},
           segments_of(binding->uri)});
    }
  }
}

std::optional<RestMatch> RestRoutes::find(std::string_view method, std::string_view path) const {
  const std::vector<std::string_view> segments = segments_of(path);
  for (const Entry& entry : entries_) {
    if (entry.route.binding->method != method || !matches(entry.segments, segments)) continue;
    RestMatch match{entry.route, {}};
    for (size_t i = 0; i < segments.size(); ++i) {
      if (is_label(entry.segments[i])) match.labels.push_back(auth::uri_decode(segments[i]));
    }
    return match;
  }
  return std::nullopt;
}

}  // namespace millrace::wire
