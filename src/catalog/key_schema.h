// The attributes by which items are found.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/attribute_value.h"

namespace millrace::catalog {

struct KeyAttribute {
  std::string name;
  AttributeType type = AttributeType::kString;  // kString, kNumber or kBinary
  friend bool operator==(const KeyAttribute&, const KeyAttribute&) = default;
};

// Of a table.
struct KeySchema {
  KeyAttribute partition_key;
  std::optional<KeyAttribute> sort_key;

  [[nodiscard]] std::vector<std::string> attribute_names() const;
  [[nodiscard]] bool contains(std::string_view attribute_name) const;
};

// Of a table or an index. A global secondary index may have up to four attributes of each kind.
struct CompositeKeySchema {
  std::vector<KeyAttribute> partition_keys;
  std::vector<KeyAttribute> sort_keys;

  static CompositeKeySchema of(const KeySchema& schema);
  // Partition keys, then sort keys.
  [[nodiscard]] std::vector<KeyAttribute> attributes() const;
};

}  // namespace millrace::catalog
