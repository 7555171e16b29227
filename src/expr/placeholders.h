// ExpressionAttributeNames and ExpressionAttributeValues.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/attribute_value.h"

namespace millrace::expr {

using NameMap = std::map<std::string, std::string, std::less<>>;

// The names and values of one request, and which of them its expressions used. The maps stay the
// caller's and must outlive it; what is bound with it keeps copies. For one thread.
class Placeholders {
 public:
  Placeholders(const NameMap& names, const AttributeMap& values) : names_(names), values_(values) {}

  // nullptr when there is none of that name ("#n", ":v"). Marks it used.
  const std::string* name(std::string_view placeholder);
  const AttributeValue* value(std::string_view placeholder);

  // "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}", and the
  // same for values. Call after every expression of the request is bound.
  [[nodiscard]] Status check_all_used() const;

 private:
  const NameMap& names_;
  const AttributeMap& values_;
  std::set<std::string, std::less<>> used_names_;
  std::set<std::string, std::less<>> used_values_;
};

}  // namespace millrace::expr
