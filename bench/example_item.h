// What the benchmarks work on.
#pragma once

#include "model/attribute_value.h"

namespace millrace::bench {

// Some 1 KB of an order: ten attributes of most types, a list and maps inside.
Item example_item();

}  // namespace millrace::bench
