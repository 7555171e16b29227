#include "wire/query_form.h"

#include <algorithm>

#include "auth/uri.h"

namespace millrace::wire {
namespace {

constexpr size_t kParametersMax = 5000;

}  // namespace

std::string form_decode(std::string_view text) {
  if (text.find('+') == std::string_view::npos) return auth::uri_decode(text);
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return auth::uri_decode(spaced);
}

Result<QueryForm> QueryForm::read(const http::Request& request) {
  QueryForm form;
  const std::string_view target = request.target;
  const size_t query = target.find('?');
  const bool all = (query == std::string_view::npos || form.add(target.substr(query + 1))) &&
                   (request.method != "POST" || form.add(request.body));
  if (!all) return Error{ErrorCode::kSerializationException, "Too many parameters"};
  return form;
}

bool QueryForm::add(std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (parameters_.size() == kParametersMax) return false;
    const size_t equals = std::min(pair.find('='), pair.size());
    parameters_.push_back({pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size()))});
  }
  return true;
}

std::optional<std::string> QueryForm::value(std::string_view name) const {
  const auto found = std::ranges::find(parameters_, name, &Parameter::name);
  if (found == parameters_.end()) return std::nullopt;
  return form_decode(found->value);
}

}  // namespace millrace::wire
