#include "access/named_attributes.h"

#include "expr/attribute_names.h"
#include "expr/expression.h"
#include "ops/input.h"
#include "ops/item_request.h"

namespace millrace::access {
namespace {

using expr::AttributeNames;

void add_members(json::Element map, AttributeNames& names) {
  json::Object object;
  if (map.get(object) != simdjson::SUCCESS) return;
  for (const auto [name, value] : object) names.emplace(name);
}

void add_paths(const std::vector<expr::Path>& paths, AttributeNames& names) {
  for (const expr::Path& path : paths) names.insert(path.front().name);
}

// --- expressions: what cannot be read is the operation's to refuse ---

Status add_projection(std::string_view text, expr::Placeholders& placeholders,
                      AttributeNames& names) {
  add_paths(TRY(TRY(expr::Projection::parse(text)).bind(placeholders)).paths(), names);
  return Done{};
}

Status add_condition(std::string_view text, std::string_view parameter,
                     expr::Placeholders& placeholders, AttributeNames& names) {
  names.merge(
      TRY(TRY(expr::Condition::parse(text, parameter)).bind(placeholders)).attribute_names());
  return Done{};
}

Status add_key_condition(std::string_view text, expr::Placeholders& placeholders,
                         AttributeNames& names) {
  for (auto& comparison : TRY(TRY(expr::KeyCondition::parse(text)).bind(placeholders))) {
    names.insert(std::move(comparison.attribute_name));
  }
  return Done{};
}

void add_expressions(json::Object request, AttributeNames& names) {
  const auto attributes = ops::read_expression_attributes(request);
  if (!attributes.ok()) return;
  expr::Placeholders placeholders(attributes->names, attributes->values);
  if (const auto text = ops::optional_string(request, "ProjectionExpression")) {
    (void)add_projection(*text, placeholders, names);
  }
  for (const std::string_view parameter : {"ConditionExpression", "FilterExpression"}) {
    if (const auto text = ops::optional_string(request, parameter)) {
      (void)add_condition(*text, parameter, placeholders, names);
    }
  }
  if (const auto text = ops::optional_string(request, "KeyConditionExpression")) {
    (void)add_key_condition(*text, placeholders, names);
  }
  if (const auto text = ops::optional_string(request, "UpdateExpression")) {
    (void)expr::collect_names_of_update(*text, placeholders, names);
  }
}

// --- requests ---

void add_of_request(json::Object request, AttributeNames& names) {
  for (const std::string_view member : {"Key", "Item", "Expected", "AttributeUpdates",
                                        "KeyConditions", "QueryFilter", "ScanFilter"}) {
    if (const auto map = json::member(request, member)) add_members(*map, names);
  }
  json::Array list;
  if (const auto keys = json::member(request, "Keys");
      keys && keys->get(list) == simdjson::SUCCESS) {
    for (const json::Element key : list) add_members(key, names);
  }
  if (const auto wanted = json::member(request, "AttributesToGet");
      wanted && wanted->get(list) == simdjson::SUCCESS) {
    for (const json::Element element : list) {
      std::string_view name;
      if (element.get(name) == simdjson::SUCCESS) names.emplace(name);
    }
  }
  add_expressions(request, names);
}

void add_of_writes(json::Array writes, AttributeNames& names) {
  for (const json::Element write : writes) {
    json::Object requests;
    if (write.get(requests) != simdjson::SUCCESS) continue;
    for (const auto [name, element] : requests) {
      json::Object request;
      if (element.get(request) == simdjson::SUCCESS) add_of_request(request, names);
    }
  }
}

// --- statements ---

void add_where(const std::optional<expr::ConditionNode>& where, AttributeNames& names) {
  if (where) expr::collect_attribute_names(*where, names);
}

void add_of(const partiql::Select& select, AttributeNames& names) {
  if (select.projection) add_paths(select.projection->paths(), names);
  add_where(select.where, names);
  for (const partiql::OrderBy& term : select.order_by) names.insert(term.attribute_name);
}
void add_of(const partiql::Insert& insert, AttributeNames& names) {
  for (const auto& [name, value] : insert.item) names.insert(name);
}
void add_of(const partiql::Update& update, AttributeNames& names) {
  expr::collect_attribute_names(update.clauses, names);
  add_where(update.where, names);
}
void add_of(const partiql::Delete& statement, AttributeNames& names) {
  add_where(statement.where, names);
}
void add_of(const partiql::Exists& exists, AttributeNames& names) {
  add_of(exists.select, names);
}

}  // namespace

std::optional<std::vector<std::string>> named_attributes(const Part& part) {
  AttributeNames names;
  if (part.statement != nullptr) {
    std::visit([&](const auto& statement) { add_of(statement, names); }, *part.statement);
  } else if (part.writes) {
    add_of_writes(*part.writes, names);
  } else if (part.items) {
    add_of_request(*part.items, names);
  } else {
    return std::nullopt;
  }
  return std::vector<std::string>(names.begin(), names.end());
}

}  // namespace millrace::access
