#include "model/item_size.h"

namespace millrace {
namespace {

constexpr size_t kContainerBytes = 3;
constexpr size_t kElementBytes = 1;

struct SizeOf {
  size_t operator()(const std::string& value) const { return value.size(); }
  size_t operator()(const Number& value) const { return value.size_bytes(); }
  size_t operator()(const Binary& value) const { return value.bytes.size(); }
  size_t operator()(bool) const { return 1; }
  size_t operator()(Null) const { return 1; }
  size_t operator()(const List& value) const {
    size_t total = kContainerBytes;
    for (const AttributeValue& element : value) total += kElementBytes + size_bytes(element);
    return total;
  }
  size_t operator()(const AttributeMap& value) const {
    return kContainerBytes + kElementBytes * value.size() + item_size_bytes(value);
  }
  size_t operator()(const StringSet& value) const { return sum_of_sizes(value.members); }
  size_t operator()(const BinarySet& value) const { return sum_of_sizes(value.members); }
  size_t operator()(const NumberSet& value) const {
    size_t total = 0;
    for (const Number& member : value.members) total += member.size_bytes();
    return total;
  }

  static size_t sum_of_sizes(const std::vector<std::string>& members) {
    size_t total = 0;
    for (const std::string& member : members) total += member.size();
    return total;
  }
};

}  // namespace

size_t size_bytes(const AttributeValue& value) {
  return std::visit(SizeOf{}, value.variant());
}

size_t item_size_bytes(const AttributeMap& item) {
  size_t total = 0;
  for (const auto& [name, value] : item) total += name.size() + size_bytes(value);
  return total;
}

}  // namespace millrace
