// The parameters of requests for items: of a request for one table, and of each part of a batch or
// a transaction. Keys are told with their values, other attributes by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/parameter_writer.h"
#include "catalog/catalog.h"
#include "json/document.h"

namespace millrace::audit {

// The tables that a request names. Remembers the last one, which the next part often names again.
class NamedTables {
 public:
  explicit NamedTables(const catalog::Catalog& catalog) : catalog_(catalog) {}

  // By name or ARN; nullptr: there is none. Valid until the next call.
  [[nodiscard]] const catalog::Table* find(std::string_view name);

 private:
  const catalog::Catalog& catalog_;
  std::string name_;
  catalog::TablePointer table_;
};

// Values that are of the type; nullopt otherwise.
[[nodiscard]] std::optional<std::string_view> member_text(json::Object object,
                                                          std::string_view name);
[[nodiscard]] std::optional<json::Object> member_object(json::Object object, std::string_view name);
[[nodiscard]] std::optional<json::Array> member_array(json::Object object, std::string_view name);

// Members of the object that `writer` is in: the table, the key, the names of an item's attributes
// under `items_name`, and everything else that is no value. `table_name` may be empty.
void write_item_request(ParameterWriter& writer, NamedTables& tables, std::string_view table_name,
                        json::Object request, std::string_view items_name);
// Only table and key, of a table by that name.
void write_table_and_key(ParameterWriter& writer, NamedTables& tables, std::string_view table_name,
                         std::optional<json::Object> attributes);
// Only what is neither table, key nor item. `table` may be nullptr.
void write_options(ParameterWriter& writer, const catalog::Table* table, json::Object request);

}  // namespace millrace::audit
