#include "expr/comparison.h"

#include <algorithm>

namespace millrace::expr {
namespace {

// The bytes of a string or binary.
const std::string* bytes_of(const AttributeValue& value) {
  if (const auto* string = value.get_if<std::string>()) return string;
  if (const auto* binary = value.get_if<Binary>()) return &binary->bytes;
  return nullptr;
}

template <typename Set, typename Member>
bool set_contains(const Set& set, const Member* member) {
  return member != nullptr && std::binary_search(set.members.begin(), set.members.end(), *member);
}

}  // namespace

std::partial_ordering compare(const AttributeValue& left, const AttributeValue& right) {
  if (left.type() != right.type()) return std::partial_ordering::unordered;
  if (const auto* number = left.get_if<Number>()) return *number <=> *right.get_if<Number>();
  const std::string* bytes = bytes_of(left);
  if (bytes == nullptr) return std::partial_ordering::unordered;
  return *bytes <=> *bytes_of(right);
}

bool begins_with(const AttributeValue& value, const AttributeValue& prefix) {
  const std::string* bytes = bytes_of(value);
  return value.type() == prefix.type() && bytes != nullptr && bytes->starts_with(*bytes_of(prefix));
}

bool contains(const AttributeValue& value, const AttributeValue& part) {
  if (const std::string* bytes = bytes_of(value)) {
    return value.type() == part.type() && bytes->find(*bytes_of(part)) != std::string::npos;
  }
  if (const auto* list = value.get_if<List>()) {
    return std::find(list->begin(), list->end(), part) != list->end();
  }
  if (const auto* set = value.get_if<StringSet>()) {
    return set_contains(*set, part.get_if<std::string>());
  }
  if (const auto* set = value.get_if<NumberSet>()) return set_contains(*set, part.get_if<Number>());
  if (const auto* set = value.get_if<BinarySet>()) {
    const auto* binary = part.get_if<Binary>();
    return set_contains(*set, binary == nullptr ? nullptr : &binary->bytes);
  }
  return false;
}

}  // namespace millrace::expr
