// What the generated tables define.
#pragma once

#include <span>
#include <string_view>

#include "api/shapes.h"

namespace millrace::api {

struct ServiceShapes {
  std::string_view service;
  std::span<const Shape> shapes;  // ascending by name
};

[[nodiscard]] std::span<const ServiceShapes> service_shapes();

}  // namespace millrace::api
