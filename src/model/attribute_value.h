// An attribute value of any of DynamoDB's ten types, and an item.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "model/number.h"

namespace millrace {

class AttributeValue;

using List = std::vector<AttributeValue>;
// Ordered by name, so that equal items have one encoding.
using AttributeMap = std::map<std::string, AttributeValue, std::less<>>;
using Item = AttributeMap;

struct Binary {
  Bytes bytes;
  friend auto operator<=>(const Binary&, const Binary&) = default;
};
struct Null {
  friend auto operator<=>(const Null&, const Null&) = default;
};
// The sets hold distinct members in ascending order, so that equality is by value.
struct StringSet {
  std::vector<std::string> members;
  friend bool operator==(const StringSet&, const StringSet&) = default;
};
struct NumberSet {
  std::vector<Number> members;
  friend bool operator==(const NumberSet&, const NumberSet&) = default;
};
struct BinarySet {
  std::vector<Bytes> members;
  friend bool operator==(const BinarySet&, const BinarySet&) = default;
};

// In the order of AttributeValue's alternatives.
enum class AttributeType : uint8_t {
  kString,
  kNumber,
  kBinary,
  kBoolean,
  kNull,
  kList,
  kMap,
  kStringSet,
  kNumberSet,
  kBinarySet,
};

// The wire's name: "S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS" or "BS".
[[nodiscard]] std::string_view attribute_type_name(AttributeType type);
// The type with that wire name, or nullopt.
[[nodiscard]] std::optional<AttributeType> attribute_type_of_name(std::string_view name);

class AttributeValue {
 public:
  using Variant = std::variant<std::string, Number, Binary, bool, Null, List, AttributeMap,
                               StringSet, NumberSet, BinarySet>;

  AttributeValue() : value_(Null{}) {}
  AttributeValue(std::string value) : value_(std::move(value)) {}    // NOLINT: implicit
  AttributeValue(const char* value) : value_(std::string(value)) {}  // NOLINT: implicit
  AttributeValue(Number value) : value_(value) {}                    // NOLINT: implicit
  AttributeValue(Binary value) : value_(std::move(value)) {}         // NOLINT: implicit
  explicit AttributeValue(bool value) : value_(value) {}
  AttributeValue(Null value) : value_(value) {}                     // NOLINT: implicit
  AttributeValue(List value) : value_(std::move(value)) {}          // NOLINT: implicit
  AttributeValue(AttributeMap value) : value_(std::move(value)) {}  // NOLINT: implicit
  AttributeValue(StringSet value) : value_(std::move(value)) {}     // NOLINT: implicit
  AttributeValue(NumberSet value) : value_(std::move(value)) {}     // NOLINT: implicit
  AttributeValue(BinarySet value) : value_(std::move(value)) {}     // NOLINT: implicit

  [[nodiscard]] AttributeType type() const { return static_cast<AttributeType>(value_.index()); }
  // The alternative, or nullptr when the value is of another type.
  template <typename T>
  [[nodiscard]] const T* get_if() const {
    return std::get_if<T>(&value_);
  }
  template <typename T>
  [[nodiscard]] T* get_if() {
    return std::get_if<T>(&value_);
  }
  [[nodiscard]] const Variant& variant() const { return value_; }

  // By value: numbers numerically, maps and sets whatever their order on the wire.
  friend bool operator==(const AttributeValue&, const AttributeValue&) = default;

 private:
  Variant value_;
};

}  // namespace millrace
