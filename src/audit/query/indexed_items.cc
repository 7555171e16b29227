#include "audit/query/indexed_items.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <openssl/sha.h>

#include "audit/query/statement_keys.h"
#include "catalog/arn.h"
#include "json/base64.h"
#include "json/document.h"

namespace millrace::audit::query {
namespace {

constexpr int kDepthMax = 8;

using KeyTexts = std::map<std::string, std::string>;  // by name of the attribute

int64_t number_of(std::string_view table_name, const KeyTexts& key) {
  Bytes text;
  append_sized(text, table_name);
  for (const auto& [name, value] : key) {
    append_sized(text, name);
    append_sized(text, value);
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof(number); ++i) number = number << 8 | hash[i];
  return static_cast<int64_t>(number);
}

std::string table_name_of(std::string_view name_or_arn) {
  const auto arn = catalog::parse_table_arn(name_or_arn);
  return arn ? arn->table_name : std::string(name_or_arn);
}

std::string number_text(std::string_view text) {
  const auto number = Number::parse(text);
  return number.ok() ? number->to_string() : std::string(text);
}

// Walks the parameters, whatever operation's they are.
class ItemCollector {
 public:
  explicit ItemCollector(const catalog::Catalog& catalog) : catalog_(catalog) {}

  void visit(json::Element value, const std::string& table_name, int depth) {
    if (depth > kDepthMax) return;
    json::Object object;
    json::Array array;
    if (value.get(object) == simdjson::SUCCESS) {
      visit_object(object, table_name, depth);
    } else if (value.get(array) == simdjson::SUCCESS) {
      for (const json::Element element : array) visit(element, table_name, depth + 1);
    }
  }

  [[nodiscard]] std::vector<int64_t> take() {
    std::sort(items_.begin(), items_.end());
    items_.erase(std::unique(items_.begin(), items_.end()), items_.end());
    return std::move(items_);
  }

 private:
  void visit_object(json::Object object, const std::string& table_of_parent, int depth) {
    std::string table_name = table_of_parent;
    for (const auto& [name, value] : object) {
      std::string_view text;
      if ((name == "tableName" || name == "TableName") && value.get(text) == simdjson::SUCCESS) {
        table_name = table_name_of(text);
      }
    }
    for (const auto& [name, value] : object) {
      std::string_view text;
      if (name == "key" || name == "Key") {
        add_key(table_name, value);
      } else if (name == "keys" || name == "Keys") {
        add_keys(table_name, value);
      } else if (name == "statement" || name == "Statement") {
        if (value.get(text) == simdjson::SUCCESS) add_statement(text);
      } else if (name == "requestItems" || name == "RequestItems") {
        visit_request_items(value, depth + 1);
      } else {
        visit(value, table_name, depth + 1);
      }
    }
  }

  // Of a batch, by table; of a transaction, a list.
  void visit_request_items(json::Element value, int depth) {
    json::Object tables;
    if (value.get(tables) != simdjson::SUCCESS) return visit(value, {}, depth);
    for (const auto& [name, requests] : tables) visit(requests, table_name_of(name), depth + 1);
  }

  void add_keys(const std::string& table_name, json::Element value) {
    json::Array keys;
    if (value.get(keys) != simdjson::SUCCESS) return;
    for (const json::Element key : keys) add_key(table_name, key);
  }

  void add_key(const std::string& table_name, json::Element value) {
    json::Object key;
    if (table_name.empty() || value.get(key) != simdjson::SUCCESS) return;
    const auto table = catalog_.find_table(table_name);
    KeyTexts texts;
    for (const auto& [name, attribute] : key) {
      std::string_view text;
      if (attribute.get(text) == simdjson::SUCCESS) {
        texts[std::string(name)] = text_of(table.get(), name, text);
      } else if (attribute.is_number()) {
        texts[std::string(name)] = number_text(simdjson::minify(attribute));
      }
    }
    if (!texts.empty()) items_.push_back(number_of(table_name, texts));
  }

  void add_statement(std::string_view statement) {
    for (const StatementKeys& one : keys_of_statement(statement)) {
      const std::string table_name = table_name_of(one.table_name);
      const auto table = catalog_.find_table(table_name);
      if (table) add_equalities(*table, one.values);
    }
  }

  // Every key that takes one of the values for each attribute.
  void add_equalities(const catalog::Table& table, const KeyValues& values) {
    std::vector<KeyTexts> keys(1);
    for (const std::string& name : table.key_schema.attribute_names()) {
      const auto found = values.find(name);
      if (found == values.end()) return;
      std::vector<KeyTexts> longer;
      for (const KeyTexts& key : keys) {
        for (const std::string& value : found->second) {
          longer.push_back(key);
          longer.back()[name] = text_of(&table, name, value);
        }
      }
      keys = std::move(longer);
    }
    for (const KeyTexts& key : keys) items_.push_back(number_of(table.name, key));
  }

  static std::string text_of(const catalog::Table* table, std::string_view name,
                             std::string_view text) {
    if (table == nullptr) return std::string(text);
    const catalog::KeySchema& schema = table->key_schema;
    const bool is_number = (schema.partition_key.name == name &&
                            schema.partition_key.type == AttributeType::kNumber) ||
                           (schema.sort_key && schema.sort_key->name == name &&
                            schema.sort_key->type == AttributeType::kNumber);
    return is_number ? number_text(text) : std::string(text);
  }

  const catalog::Catalog& catalog_;
  std::vector<int64_t> items_;
};

}  // namespace

std::vector<int64_t> items_of(const catalog::Catalog& catalog,
                              std::string_view request_parameters_json) {
  if (request_parameters_json.empty()) return {};
  const auto document = json::Document::parse(request_parameters_json);
  if (!document) return {};
  ItemCollector collector(catalog);
  collector.visit(document->root(), {}, 0);
  return collector.take();
}

int64_t item_of(std::string_view table_name, const AttributeMap& key) {
  KeyTexts texts;
  for (const auto& [name, value] : key) {
    if (const auto* text = value.get_if<std::string>()) texts[name] = *text;
    if (const auto* number = value.get_if<Number>()) texts[name] = number->to_string();
    if (const auto* binary = value.get_if<Binary>())
      texts[name] = json::base64_encode(binary->bytes);
  }
  return number_of(table_name, texts);
}

}  // namespace millrace::audit::query
