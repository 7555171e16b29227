#include "ops/canonical_json.h"

#include <algorithm>
#include <vector>

namespace millrace::ops {
namespace {

void append_members(Bytes& out, json::Object object) {
  std::vector<std::pair<std::string_view, json::Element>> members;
  for (auto [name, value] : object) members.emplace_back(name, value);
  std::sort(members.begin(), members.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  append_varint(out, members.size());
  for (const auto& [name, value] : members) {
    append_sized(out, name);
    append_canonical(out, value);
  }
}

}  // namespace

// Each value begins with its kind and says how long it is, so no two give the same bytes.
void append_canonical(Bytes& out, json::Element value) {
  if (json::Object object; value.get(object) == simdjson::SUCCESS) {
    out += 'o';
    append_members(out, object);
  } else if (json::Array array; value.get(array) == simdjson::SUCCESS) {
    out += 'a';
    append_varint(out, array.size());
    for (const json::Element element : array) append_canonical(out, element);
  } else if (std::string_view text; value.get(text) == simdjson::SUCCESS) {
    out += 's';
    append_sized(out, text);
  } else {
    out += 'v';
    append_sized(out, simdjson::minify(value));
  }
}

}  // namespace millrace::ops
