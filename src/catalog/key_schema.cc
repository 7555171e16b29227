#include "catalog/key_schema.h"

namespace millrace::catalog {

std::vector<std::string> KeySchema::attribute_names() const {
  std::vector<std::string> names = {partition_key.name};
  if (sort_key) names.push_back(sort_key->name);
  return names;
}

bool KeySchema::contains(std::string_view attribute_name) const {
  return partition_key.name == attribute_name || (sort_key && sort_key->name == attribute_name);
}

CompositeKeySchema CompositeKeySchema::of(const KeySchema& schema) {
  CompositeKeySchema composite{{schema.partition_key}, {}};
  if (schema.sort_key) composite.sort_keys.push_back(*schema.sort_key);
  return composite;
}

std::vector<KeyAttribute> CompositeKeySchema::attributes() const {
  std::vector<KeyAttribute> all = partition_keys;
  all.insert(all.end(), sort_keys.begin(), sort_keys.end());
  return all;
}

}  // namespace millrace::catalog
