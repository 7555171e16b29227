// Where an operation of the REST-JSON protocol stands in HTTP. Generated from the API models, as
// shapes.h; immutable.
#pragma once

#include <span>
#include <string_view>

#include "api/shapes.h"

namespace millrace::api {

// A member of the input that is not in the body.
struct BoundMember {
  std::string_view wire_name;  // of the path's label, the query's parameter or the header
  std::string_view member;
  const Shape* shape;
};

struct RestBinding {
  std::string_view operation;
  std::string_view method;
  std::string_view uri;  // "/2015-03-31/functions/{FunctionName}/aliases/{Name}"
  int status;            // of success
  const Shape* input;
  std::span<const BoundMember> path;  // in the order of their labels
  std::span<const BoundMember> query;
  std::span<const BoundMember> headers;
  std::string_view payload;  // the member that the whole body is; empty: the body is JSON
};

// nullptr when the model has none of that name.
[[nodiscard]] const RestBinding* find_rest_binding(std::string_view service,
                                                   std::string_view operation);

}  // namespace millrace::api
