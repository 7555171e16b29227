#include "api/shapes.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include <re2/re2.h>

#include "api/shape_tables.h"
#include "api/validate.h"
#include "base/check.h"

namespace millrace::api {
namespace {

bool is_continuation(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

// Compiled at the first use: most patterns of the models are never asked for.
const re2::RE2& expression_of(const Pattern& pattern) {
  static std::mutex mutex;
  static std::map<const Pattern*, std::unique_ptr<re2::RE2>> expressions;
  std::lock_guard lock(mutex);
  auto& expression = expressions[&pattern];
  if (!expression)
    expression = std::make_unique<re2::RE2>(pattern.expression.data(), re2::RE2::Quiet);
  MILLRACE_CHECK(expression->ok());
  return *expression;
}

}  // namespace

bool Pattern::matches(std::string_view value) const {
  if (!expression.empty()) return re2::RE2::FullMatch(value, expression_of(*this));
  size_t count = 0;
  for (const char character : value) {
    const auto byte = static_cast<unsigned char>(character);
    if (is_continuation(byte)) continue;
    ++count;
    const bool belongs =
        byte < 128 ? ((ascii[byte / 64] >> (byte % 64)) & 1) != 0 : other_characters;
    if (!belongs) return false;
  }
  return count >= count_min && count <= count_max;
}

const Shape* find_shape(std::string_view service, std::string_view name) {
  for (const ServiceShapes& candidate : service_shapes()) {
    if (candidate.service != service) continue;
    const auto found = std::ranges::lower_bound(candidate.shapes, name, {}, &Shape::name);
    return found != candidate.shapes.end() && found->name == name ? &*found : nullptr;
  }
  return nullptr;
}

const RestBinding* find_rest_binding(std::string_view service, std::string_view operation) {
  for (const ServiceShapes& candidate : service_shapes()) {
    if (candidate.service != service) continue;
    const auto found = std::ranges::find(candidate.rest, operation, &RestBinding::operation);
    return found != candidate.rest.end() ? &*found : nullptr;
  }
  return nullptr;
}

}  // namespace millrace::api
