// What the generated tables define.
#pragma once

#include <span>
#include <string_view>

#include "api/rest_binding.h"
#include "api/shapes.h"

namespace millrace::api {

struct ServiceShapes {
  std::string_view service;
  std::span<const Shape> shapes;  // ascending by name
  std::span<const RestBinding> rest;
};

[[nodiscard]] std::span<const ServiceShapes> service_shapes();

}  // namespace millrace::api
