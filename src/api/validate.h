// Request validation by the API models' shapes, as the service's front end does it before any
// operation sees a request.
#pragma once

#include <string_view>

#include "base/result.h"
#include "json/document.h"

namespace millrace::api {

struct Shape;  // shapes.h: generated from src/api/models/*.json

// The shape of that name in the model of `service` ("dynamodb", "dynamodbstreams"), or nullptr.
[[nodiscard]] const Shape* find_shape(std::string_view service, std::string_view name);

// Whether `input` has the JSON types of `shape`: SerializationException with the service's message
// for the first that has not. Unknown members are ignored, a null member counts as absent.
[[nodiscard]] Status check_types(const Shape& shape, json::Element input);

// Whether `input`, of the right types, meets every constraint of `shape`: required members,
// lengths, ranges, patterns, enumerations. All violations in one ValidationException: "2 validation
// errors detected: Value null at 'tableName' failed to satisfy constraint: …; …". A bad table name
// is reported alone.
[[nodiscard]] Status check_constraints(const Shape& shape, json::Element input);

}  // namespace millrace::api
