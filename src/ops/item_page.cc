#include "ops/item_page.h"

#include <algorithm>

#include <fmt/format.h>

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/index_entry.h"
#include "ops/input.h"

namespace millrace::ops {
namespace {

constexpr size_t kPageBytes = 1024 * 1024;
constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

Error bad_select(std::string_view what) {
  return validation_error(std::string(kInvalid) + std::string(what));
}

// Select against ProjectionExpression or AttributesToGet.
Status read_select(json::Object input, PageOptions& options) {
  const auto select = optional_string(input, "Select");
  if (select == "ALL_PROJECTED_ATTRIBUTES" && !json::member(input, "IndexName")) {
    return bad_select("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  if (select == "SPECIFIC_ATTRIBUTES" && !options.projection) {
    return bad_select(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (select && select != "SPECIFIC_ATTRIBUTES" && options.projection) {
    return bad_select(fmt::format(
        "Cannot specify the {} when choosing to get {}",
        json::member(input, "AttributesToGet") ? "AttributesToGet" : "ProjectionExpression",
        *select));
  }
  options.count_only = select == "COUNT";
  options.all_attributes = select == "ALL_ATTRIBUTES";
  options.projected_attributes = select == "ALL_PROJECTED_ATTRIBUTES";
  return Done{};
}

// The attributes that are asked for by name and that the index does not project.
std::vector<std::string> not_projected(const ItemSource& source, const PageOptions& options) {
  std::vector<std::string> names;
  if (source.index == nullptr || !options.projection) return names;
  for (const expr::Path& path : options.projection->paths()) {
    const std::string& name = path.front().name;
    const bool known = std::find(names.begin(), names.end(), name) != names.end();
    if (!known && !projects(*source.table, *source.index, name)) names.push_back(name);
  }
  return names;
}

bool projects_all(const ItemSource& source) {
  return source.index == nullptr || source.index->projection_type == catalog::ProjectionType::kAll;
}

// Whether the index alone cannot answer.
bool needs_table(const ItemSource& source, const PageOptions& options) {
  if (projects_all(source) || options.count_only) return false;
  return options.all_attributes || !not_projected(source, options).empty();
}

// Gathers a page, one item after the other.
class Page {
 public:
  Page(const Database& database, const ItemSource& source, const PageOptions& options)
      : database_(database),
        source_(source),
        options_(options),
        fetches_(needs_table(source, options)),
        writer_(items_) {
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

  Result<ItemPage> finish() {
    writer_.end_array();
    ItemPage page{std::move(items_), count_, scanned_count_, std::nullopt, units()};
    if (full()) page.last_key = TRY(key_of(last_));
    return page;
  }

 private:
  Status look_at(ByteView stored) {
    ++scanned_count_;
    scanned_bytes_ += encoded_item_size_bytes(stored).value_or(0);
    if (full()) last_ = stored;
    if (!fetches_) return show(stored);
    const auto item = TRY(fetch(stored));
    return show(item ? ByteView(*item) : stored);
  }

  // The table's item of an entry. An item that was removed meanwhile is shown as the entry has it.
  Result<std::optional<Bytes>> fetch(ByteView entry) {
    const catalog::Table& table = *source_.table;
    const Item item = TRY(decode_stored_item(entry));
    const ItemKey key = TRY(key_from_item(table.key_schema, item));
    auto fetched = TRY(database_.engine.get(table.items_partition, key.storage_key));
    if (fetched) {
      fetched_units_ +=
          read_units(encoded_item_size_bytes(*fetched).value_or(0), options_.consistent);
    }
    return fetched;
  }

  Status show(ByteView stored) {
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
    for (const std::string& name : source_.key_names()) key.emplace(*item.find(name));
    return key;
  }

  [[nodiscard]] TableUnits units() const {
    const double scanned = read_units(scanned_bytes_, options_.consistent);
    const std::string& table_name = source_.table->name;
    if (source_.index == nullptr) return {table_name, scanned, {}};
    return {table_name, fetched_units_, {{source_.index->name, source_.index->global, scanned}}};
  }

  const Database& database_;
  const ItemSource& source_;
  const PageOptions& options_;
  const bool fetches_;
  std::string items_;
  json::Writer writer_;
  size_t count_ = 0;
  size_t scanned_count_ = 0;
  size_t scanned_bytes_ = 0;
  double fetched_units_ = 0;
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
  TRY(read_select(input, options));
  if (auto limit = optional_integer(input, "Limit")) options.limit = static_cast<size_t>(*limit);
  options.consistent = optional_boolean(input, "ConsistentRead").value_or(false);
  options.return_consumed_capacity = return_consumed_capacity(input);
  return options;
}

Status check_page_options(const ItemSource& source, const PageOptions& options) {
  if (source.index == nullptr || !source.index->global) return Done{};
  if (options.all_attributes && !projects_all(source)) {
    return bad_select(
        fmt::format("Select type ALL_ATTRIBUTES is not supported for global secondary index {} "
                    "because its projection type is not ALL",
                    source.index->name));
  }
  const auto missing = not_projected(source, options);
  if (missing.empty()) return Done{};
  return bad_select(fmt::format("Global secondary index {} does not project [{}]",
                                source.index->name, fmt::join(missing, ", ")));
}

Result<ItemPage> read_page(const Database& database, const ItemSource& source,
                           const std::vector<engine::KeyRange>& ranges, engine::Direction direction,
                           const PageOptions& options) {
  TRY(database.throttle->admit_read(*source.table, source.index));
  Page page(database, source, options);
  for (const engine::KeyRange& range : ranges) {
    if (page.full()) break;
    TRY(database.engine.scan(source.partition, range, direction,
                             [&](ByteView, ByteView stored) { return page.add(stored); }));
    TRY(Status(page.status()));
  }
  auto finished = TRY(page.finish());
  database.throttle->charge(CapacityKind::kRead, *source.table, finished.units);
  return finished;
}

Result<std::string> write_page(const Database& database, const ItemSource& source,
                               const std::vector<engine::KeyRange>& ranges,
                               engine::Direction direction, const PageOptions& options) {
  const ItemPage page = TRY(read_page(database, source, ranges, direction, options));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  if (!options.count_only) {
    writer.key("Items");
    writer.raw(page.items_json);
  }
  writer.member("Count", static_cast<int64_t>(page.count));
  writer.member("ScannedCount", static_cast<int64_t>(page.scanned_count));
  if (page.last_key) {
    writer.key("LastEvaluatedKey");
    json::write_attribute_map(writer, *page.last_key);
  }
  write_consumed_capacity(writer, options.return_consumed_capacity, page.units);
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
