// Marker, MaxItems and IsTruncated.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "iam/operations/call.h"
#include "json/writer.h"

namespace millrace::iam {

inline constexpr size_t kItemsMax = 1000;  // of the API model

// Of a list: the elements from `first` on and before `last`.
struct Page {
  size_t first = 0;
  size_t last = 0;
  std::string marker;  // of the next page; empty: there is none

  void write_end(json::Writer& writer) const;
};

// The page that a request asks for of a list whose elements have these keys, each of at most 200
// bytes and in rising order: a page begins behind the key at which the one before it ended, also
// when the list has changed since. ValidationException for a marker that no answer had.
// `items_max` bounds MaxItems, which the service may undercut.
[[nodiscard]] Result<Page> page_by_key(json::Object input, const std::vector<std::string>& keys,
                                       size_t items_max = kItemsMax);
// Of a list of `count` elements in an order that never changes.
[[nodiscard]] Result<Page> page_by_position(json::Object input, size_t count);

// An element of a list and its key.
template <typename Item>
using Keyed = std::pair<std::string, Item>;

template <typename Item>
void sort_by_key(std::vector<Keyed<Item>>& items) {
  std::ranges::sort(items, {}, &Keyed<Item>::first);
}

// Sorted by key, which is to be unique.
template <typename Item>
[[nodiscard]] Result<Page> page_of(json::Object input, const std::vector<Keyed<Item>>& items,
                                   size_t items_max = kItemsMax) {
  std::vector<std::string> keys;
  keys.reserve(items.size());
  for (const auto& [key, item] : items) keys.push_back(key);
  return page_by_key(input, keys, items_max);
}

// {"Users": [...], "IsTruncated": false}
template <typename Item, typename WriteItem>
[[nodiscard]] Answer answer_page(json::Object input, std::string_view list,
                                 const std::vector<Keyed<Item>>& items, WriteItem write_item) {
  const Page page = TRY(page_of(input, items));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key(list);
  writer.begin_array();
  for (size_t at = page.first; at < page.last; ++at) write_item(writer, items[at].second);
  writer.end_array();
  page.write_end(writer);
  writer.end_object();
  return out;
}

}  // namespace millrace::iam
