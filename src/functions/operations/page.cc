#include "functions/operations/page.h"

#include <algorithm>

#include "functions/input.h"

namespace millrace::functions {

size_t page_items(json::Object input) {
  const auto items = optional_integer(input, "MaxItems");
  return items ? std::min(static_cast<size_t>(*items), kPageItemsMax) : kPageItemsMax;
}

void write_next_marker(json::Writer& writer, bool more, const std::string& marker) {
  if (more) writer.member("NextMarker", marker);
}

}  // namespace millrace::functions
