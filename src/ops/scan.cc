#include "ops/scan.h"

#include <limits>

#include <fmt/format.h>

#include "ops/input.h"
#include "ops/item_page.h"
#include "ops/legacy_condition.h"
#include "ops/legacy_projection.h"

namespace millrace::ops {
namespace {

// One of `total` equal parts of the space of hashes.
struct Segment {
  uint64_t index = 0;
  uint64_t total = 1;

  [[nodiscard]] uint64_t first_hash() const { return first_hash_of(index); }
  [[nodiscard]] uint64_t last_hash() const {
    return index + 1 == total ? std::numeric_limits<uint64_t>::max() : first_hash_of(index + 1) - 1;
  }

 private:
  __extension__ using Wide = unsigned __int128;
  [[nodiscard]] uint64_t first_hash_of(uint64_t number) const {
    return static_cast<uint64_t>((static_cast<Wide>(number) << 64) / total);
  }
};

Result<Segment> read_segment(json::Object input) {
  const auto index = optional_integer(input, "Segment");
  const auto total = optional_integer(input, "TotalSegments");
  if (index && !total) {
    return validation_error(
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  }
  if (!total) return Segment{};
  if (!index) {
    return validation_error(
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  }
  if (*index >= *total) {
    return validation_error(fmt::format(
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
        "Segment: {} is not less than TotalSegments: {}",
        *index, *total));
  }
  return Segment{static_cast<uint64_t>(*index), static_cast<uint64_t>(*total)};
}

// The segment's part, behind the start key.
engine::KeyRange range_of(const ItemSource& source, const Segment& segment,
                          const std::optional<StartKey>& start_key) {
  auto range = source.space.range_of_hashes(segment.first_hash(), segment.last_hash());
  if (start_key) begin_behind(range, engine::Direction::kForward, start_key->key);
  return range;
}

Result<std::optional<StartKey>> find_start(const ItemSource& source, const Segment& segment,
                                           const std::optional<Item>& start_key) {
  if (!start_key) return std::optional<StartKey>();
  auto key = TRY(check_start_key(source, *start_key));
  if (key.hash < segment.first_hash() || key.hash > segment.last_hash()) {
    return validation_error(
        fmt::format("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
                    "ExclusiveStartKey with correct Segment. TotalSegments: {} Segment: {}",
                    segment.total, segment.index));
  }
  return std::optional(std::move(key));
}

}  // namespace

Result<std::string> scan(const Call& call) {
  const json::Object input = call.input;
  TRY(check_expression_parameters(input, {"ProjectionExpression", "FilterExpression"},
                                  {"AttributesToGet", "ScanFilter", "ConditionalOperator"}));
  PageOptions legacy;
  legacy.projection = TRY(read_attributes_to_get(input));
  legacy.filter = TRY(read_legacy_filter(input, "ScanFilter"));
  const auto start_key = TRY(read_start_key(input));
  const Segment segment = TRY(read_segment(input));
  const auto attributes = TRY(read_expression_attributes(input));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  const auto options = TRY(read_page_options(input, placeholders, std::move(legacy)));
  TRY(placeholders.check_all_used());

  const auto source = TRY(find_source(TRY(find_table_of_item(call)),
                                      string_or_empty(input, "IndexName"), options.consistent));
  TRY(check_page_options(source, options));
  const auto start = TRY(find_start(source, segment, start_key));
  return write_page(call.database, source, {range_of(source, segment, start)},
                    engine::Direction::kForward, options);
}

}  // namespace millrace::ops
