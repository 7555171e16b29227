#include "ops/item_page.h"

#include <fmt/format.h>

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/input.h"

namespace millrace::ops {
namespace {

constexpr size_t kPageBytes = 1024 * 1024;
constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

Error bad_select(std::string_view what) {
  return validation_error(std::string(kInvalid) + std::string(what));
}

// Select against ProjectionExpression or AttributesToGet. Whether COUNT is asked for.
Result<bool> read_select(json::Object input, bool has_projection) {
  const auto select = optional_string(input, "Select");
  if (select == "ALL_PROJECTED_ATTRIBUTES") {
    return bad_select("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  if (select == "SPECIFIC_ATTRIBUTES" && !has_projection) {
    return bad_select(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (select && select != "SPECIFIC_ATTRIBUTES" && has_projection) {
    return bad_select(fmt::format(
        "Cannot specify the {} when choosing to get {}",
        json::member(input, "AttributesToGet") ? "AttributesToGet" : "ProjectionExpression",
        *select));
  }
  return select == "COUNT";
}

// Gathers a page, one item after the other.
class Page {
 public:
  Page(const catalog::Table& table, const PageOptions& options)
      : table_(table), options_(options), writer_(items_) {
    writer_.begin_array();
  }

  // False when the page is full, or when `status()` tells of an item that cannot be read.
  bool add(ByteView stored) {
    status_ = look_at(stored);
    return status_.ok() && !full();
  }
  [[nodiscard]] const Status& status() const { return status_; }
  [[nodiscard]] bool full() const {
    return scanned_count_ == options_.limit || scanned_bytes_ >= kPageBytes;
  }

  Result<std::string> finish() {
    writer_.end_array();
    std::string out;
    json::Writer writer(out);
    writer.begin_object();
    if (!options_.count_only) {
      writer.key("Items");
      writer.raw(items_);
    }
    writer.member("Count", static_cast<int64_t>(count_));
    writer.member("ScannedCount", static_cast<int64_t>(scanned_count_));
    if (full()) {
      writer.key("LastEvaluatedKey");
      json::write_attribute_map(writer, TRY(key_of(last_)));
    }
    write_consumed_capacity(writer, options_.return_consumed_capacity, table_.name,
                            read_units(scanned_bytes_, options_.consistent));
    writer.end_object();
    return out;
  }

 private:
  Status look_at(ByteView stored) {
    ++scanned_count_;
    scanned_bytes_ += encoded_item_size_bytes(stored).value_or(0);
    if (full()) last_ = stored;
    if (!options_.filter && (options_.count_only || !options_.projection)) {
      ++count_;
      return options_.count_only ? Status(Done{}) : json::write_encoded_item(writer_, stored);
    }
    const Item item = TRY(decode_stored_item(stored));
    if (options_.filter && !options_.filter->matches(item)) return Done{};
    ++count_;
    if (options_.count_only) return Done{};
    json::write_attribute_map(writer_,
                              options_.projection ? options_.projection->apply(item) : item);
    return Done{};
  }

  Result<Item> key_of(ByteView stored) const {
    const Item item = TRY(decode_stored_item(stored));
    Item key;
    for (const std::string& name : table_.key_schema.attribute_names()) {
      key.emplace(*item.find(name));
    }
    return key;
  }

  const catalog::Table& table_;
  const PageOptions& options_;
  std::string items_;
  json::Writer writer_;
  size_t count_ = 0;
  size_t scanned_count_ = 0;
  size_t scanned_bytes_ = 0;
  Bytes last_;  // the item that filled the page
  Status status_ = Done{};
};

}  // namespace

Result<PageOptions> read_page_options(json::Object input, expr::Placeholders& placeholders,
                                      PageOptions options) {
  constexpr std::string_view kFilter = "FilterExpression";
  if (auto text = optional_string(input, kFilter)) {
    options.filter = TRY(TRY(expr::Condition::parse(*text, kFilter)).bind(placeholders));
  }
  if (auto text = optional_string(input, "ProjectionExpression")) {
    options.projection = TRY(TRY(expr::Projection::parse(*text)).bind(placeholders));
  }
  options.count_only = TRY(read_select(input, options.projection.has_value()));
  if (auto limit = optional_integer(input, "Limit")) options.limit = static_cast<size_t>(*limit);
  options.consistent = optional_boolean(input, "ConsistentRead").value_or(false);
  options.return_consumed_capacity = return_consumed_capacity(input);
  return options;
}

Result<std::string> write_page(const Database& database, const catalog::Table& table,
                               const std::vector<PageStretch>& stretches,
                               engine::Direction direction, const PageOptions& options) {
  Page page(table, options);
  for (const PageStretch& stretch : stretches) {
    if (page.full()) break;
    TRY(database.engine.scan(stretch.partition, stretch.range, direction,
                             [&](ByteView, ByteView stored) { return page.add(stored); }));
    TRY(Status(page.status()));
  }
  return page.finish();
}

Result<std::optional<Item>> read_start_key(json::Object input) {
  auto start_key = json::member(input, "ExclusiveStartKey");
  if (!start_key) return std::optional<Item>();
  auto read = json::read_attribute_map(*start_key);
  if (!read.ok()) {
    return validation_error("The provided starting key is invalid: " + read.error().message);
  }
  return std::optional(std::move(*read));
}

Result<ItemKey> check_start_key(const catalog::KeySchema& schema, Item start_key) {
  auto key = key_from_key(schema, std::move(start_key));
  if (!key.ok()) {
    return validation_error("The provided starting key is invalid: " + key.error().message);
  }
  return key;
}

Status check_index_name(json::Object input) {
  auto name = optional_string(input, "IndexName");
  if (!name) return Done{};
  return validation_error(fmt::format("The table does not have the specified index: {}", *name));
}

}  // namespace millrace::ops
