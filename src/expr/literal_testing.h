// Attribute values written short, for test cases:
//   'text'  12.5  x'00ff' (binary)  true  null  [1, 'a']  {a: 1, 'b c': 2}  <1, 2> (a set)
#pragma once

#include <string>
#include <string_view>

#include "model/attribute_value.h"

namespace millrace::expr {

// Ends the test program on malformed text.
AttributeValue parse_literal(std::string_view text);
// The same notation.
std::string to_literal(const AttributeValue& value);

}  // namespace millrace::expr
