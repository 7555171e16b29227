#include "iam/operations/page.h"

#include <algorithm>
#include <charconv>

#include "iam/operations/input.h"
#include "json/base64.h"

namespace millrace::iam {
namespace {

constexpr int64_t kItemsByDefault = 100;

Error invalid_marker() {
  return validation_error("Invalid Marker.");
}

size_t page_end(json::Object input, size_t first, size_t count) {
  const auto items = optional_integer(input, "MaxItems").value_or(kItemsByDefault);
  return std::min(count, first + static_cast<size_t>(items));
}

// What the marker holds; nullopt: there is none.
Result<std::optional<std::string>> marker_of(json::Object input) {
  const auto marker = optional_text(input, "Marker");
  if (!marker) return std::optional<std::string>();
  auto key = json::base64_decode(*marker);
  if (!key) return invalid_marker();
  return std::optional<std::string>(std::move(*key));
}

}  // namespace

void Page::write_end(json::Writer& writer) const {
  writer.member("IsTruncated", !marker.empty());
  if (!marker.empty()) writer.member("Marker", marker);
}

Result<Page> page_by_key(json::Object input, const std::vector<std::string>& keys,
                         size_t items_max) {
  const auto after = TRY(marker_of(input));
  Page page;
  if (after) {
    page.first = static_cast<size_t>(std::ranges::upper_bound(keys, *after) - keys.begin());
  }
  page.last = std::min(page.first + items_max, page_end(input, page.first, keys.size()));
  if (page.last < keys.size()) page.marker = json::base64_encode(keys[page.last - 1]);
  return page;
}

Result<Page> page_by_position(json::Object input, size_t count) {
  const auto position = TRY(marker_of(input));
  Page page;
  if (position) {
    const char* end = position->data() + position->size();
    const auto read = std::from_chars(position->data(), end, page.first);
    if (read.ec != std::errc() || read.ptr != end || page.first > count) return invalid_marker();
  }
  page.last = page_end(input, page.first, count);
  if (page.last < count) page.marker = json::base64_encode(std::to_string(page.last));
  return page;
}

}  // namespace millrace::iam
