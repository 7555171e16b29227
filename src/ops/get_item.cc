#include "ops/get_item.h"

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/consumed_capacity.h"
#include "ops/input.h"
#include "ops/item_request.h"
#include "ops/legacy_projection.h"

namespace millrace::ops {
namespace {

Result<std::optional<expr::Projection>> read_projection(json::Object input) {
  auto projection = TRY(read_attributes_to_get(input));
  const auto attributes = TRY(read_expression_attributes(input));
  expr::Placeholders placeholders(attributes.names, attributes.values);
  if (auto text = optional_string(input, "ProjectionExpression")) {
    auto parsed = TRY(expr::Projection::parse(*text));
    projection = TRY(parsed.bind(placeholders));
  }
  TRY(placeholders.check_all_used());
  return projection;
}

}  // namespace

// Every read is as consistent as a ConsistentRead asks for; the parameter only decides the units.
Result<std::string> get_item(const Call& call) {
  const json::Object input = call.input;
  TRY(check_expression_parameters(input, {"ProjectionExpression"}, {"AttributesToGet"}));
  Item key_attributes = TRY(json::read_attribute_map(*json::member(input, "Key")));
  const auto projection = TRY(read_projection(input));
  const auto table = TRY(find_table_of_item(call));
  const ItemKey key = TRY(key_from_key(table->key_schema, std::move(key_attributes)));
  TRY(call.database.throttle->admit_read(*table, nullptr));
  const auto item = TRY(call.database.engine.get(table->items_partition, key.storage_key));

  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  if (item) {
    writer.key("Item");
    TRY(write_stored_item(writer, *item, projection));
  }
  const size_t bytes = item ? encoded_item_size_bytes(*item).value_or(0) : 0;
  const bool consistent = optional_boolean(input, "ConsistentRead").value_or(false);
  const TableUnits units{table->name, read_units(bytes, consistent), {}};
  call.database.throttle->charge(CapacityKind::kRead, *table, units);
  write_consumed_capacity(writer, return_consumed_capacity(input), units);
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
