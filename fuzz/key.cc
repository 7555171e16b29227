// Two keys in a line each, "TYPE partition" and "TYPE sort" where TYPE is S, N or B: storage keys
// are equal exactly when the keys are, and lie in the order of the sort keys.
#include <optional>
#include <string_view>

#include "base/check.h"
#include "expr/comparison.h"
#include "model/key_codec.h"

namespace millrace {
namespace {

std::optional<AttributeValue> key_of(std::string_view line) {
  if (line.size() < 3 || line[1] != ' ') return std::nullopt;
  const std::string text(line.substr(2));
  if (line[0] == 'S') return AttributeValue(text);
  if (line[0] == 'B') return AttributeValue(Binary{text});
  auto number = Number::parse(text);
  if (line[0] != 'N' || !number.ok()) return std::nullopt;
  return AttributeValue(*number);
}

void check_pair(const AttributeValue& left, const AttributeValue& right) {
  if (left.type() != right.type()) return;
  const Bytes left_partition = encode_partition_key(left);
  const Bytes right_partition = encode_partition_key(right);
  MILLRACE_CHECK((left == right) == (left_partition == right_partition));
  MILLRACE_CHECK(left == right || !left_partition.starts_with(right_partition));

  Bytes left_sort;
  Bytes right_sort;
  append_sort_key(left_sort, left);
  append_sort_key(right_sort, right);
  const std::partial_ordering order = left_sort <=> right_sort;
  MILLRACE_CHECK(order == expr::compare(left, right));
  MILLRACE_CHECK((left == right) == (left_sort == right_sort));
}

}  // namespace
}  // namespace millrace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace millrace;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  std::string_view second = input.substr(end + 1);
  if (second.ends_with('\n')) second.remove_suffix(1);
  const auto left = key_of(input.substr(0, end));
  const auto right = key_of(second);
  if (left && right) check_pair(*left, *right);
  return 0;
}
