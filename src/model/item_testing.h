// Random items for tests.
#pragma once

#include <random>

#include "model/attribute_value.h"

namespace millrace {

// Of any type; containers nest up to `levels`.
AttributeValue random_value(std::mt19937& random, int levels);
Item random_item(std::mt19937& random);

}  // namespace millrace
