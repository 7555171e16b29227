// The shapes of the API models as tables. The data is generated from src/api/models/*.json by
// tools/generate_shapes.py; everything here is immutable and lives as long as the program.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace millrace::api {

enum class ShapeType : uint8_t {
  kStructure,
  kList,
  kMap,
  kString,
  kBlob,
  kBoolean,
  kInteger,
  kLong,
  kDouble,
  kTimestamp,
};

struct Shape;

enum class Presence : uint8_t {
  kOptional,
  kRequired,           // "Member must not be null"
  kRequiredParameter,  // "The parameter '…' is required but was not present in the request"
};

struct Member {
  std::string_view name;
  const Shape* shape;
  Presence presence;
};

// A pattern of the models. `text` is what messages show. Most are one class of characters,
// repeated.
struct Pattern {
  std::string_view text;
  uint64_t ascii[2];  // bit c of the 128: the character with code c belongs to the class
  bool other_characters;
  size_t count_min;
  size_t count_max;
  // Not empty: none of that, but a regular expression that must match the whole value. Other than
  // `text` where that has what RE2 has not.
  std::string_view expression;

  [[nodiscard]] bool matches(std::string_view value) const;
};

inline constexpr int64_t kNoMinimum = std::numeric_limits<int64_t>::min();
inline constexpr int64_t kNoMaximum = std::numeric_limits<int64_t>::max();

struct Shape {
  std::string_view name;
  // As the service's messages name the type: "java.lang.String".
  std::string_view class_name;
  ShapeType type;
  // Whether it or anything below it has a constraint.
  bool constrained;
  // Of the value of a number, the length of a string in UTF-16 units, the size of a list or map.
  int64_t min;
  int64_t max;
  const Pattern* pattern;
  // A value that does not begin with "arn:" must be of this shape too.
  const Shape* unless_arn;
  const Shape* key;      // of a map, nullptr when keys have no constraint
  const Shape* element;  // of a list or map
  // Both in the order in which the service reports them.
  std::span<const std::string_view> enumeration;
  std::span<const Member> members;
};

}  // namespace millrace::api
