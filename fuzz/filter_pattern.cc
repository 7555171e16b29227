// A filter pattern in a line, then a message. What parses says the same of a message each time, and
// what it extracts has names that the pattern has.
#include "logs/filter_pattern.h"

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace millrace;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view text = input.substr(0, input.find('\n'));
  // As the API model bounds it.
  if (text.size() > 1024) return 0;
  const std::string_view message = input.substr(std::min(text.size() + 1, input.size()));
  const auto pattern = logs::parse_filter_pattern(text);
  if (!pattern.ok()) {
    MILLRACE_CHECK(pattern.error() == logs::invalid_filter_pattern());
    return 0;
  }
  const bool matched = (*pattern)->matches(message);
  MILLRACE_CHECK(logs::parse_filter_pattern(text).value()->matches(message) == matched);
  for (const auto& [name, value] : (*pattern)->extract(message)) {
    MILLRACE_CHECK(name.starts_with('$'));
    MILLRACE_CHECK(text.find(name.substr(1)) != std::string_view::npos);
  }
  return 0;
}
