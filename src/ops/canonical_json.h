// Bytes that two JSON values have in common exactly when they say the same: the order of an
// object's members and white space do not count, everything else does.
#pragma once

#include "json/document.h"

namespace millrace::ops {

void append_canonical(Bytes& out, json::Element value);

}  // namespace millrace::ops
