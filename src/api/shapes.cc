#include "api/shapes.h"

#include <algorithm>

#include "api/shape_tables.h"
#include "api/validate.h"

namespace millrace::api {
namespace {

bool is_continuation(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

}  // namespace

bool Pattern::matches(std::string_view value) const {
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

}  // namespace millrace::api
