#include "policy/canonical_document.h"

#include <algorithm>
#include <map>
#include <vector>

#include "json/writer.h"
#include "policy/document.h"
#include "policy/principal_element.h"

namespace millrace::policy {
namespace {

using Strings = std::vector<std::string>;

template <typename Range>
void write_one_or_list(json::Writer& writer, const Range& texts) {
  if (texts.size() == 1) return writer.string(texts.front());
  writer.begin_array();
  for (const auto& text : texts) writer.string(text);
  writer.end_array();
}

void write_texts(json::Writer& writer, std::string_view name, const std::optional<Texts>& texts) {
  if (!texts) return;
  writer.key(name);
  write_one_or_list(writer, *texts);
}

void write_principals(json::Writer& writer, std::string_view name,
                      const std::optional<std::vector<PrincipalText>>& principals) {
  if (!principals) return;
  writer.key(name);
  if (principals->front().type.empty()) return writer.string("*");
  std::map<std::string_view, Strings> by_type;
  for (const PrincipalText& principal : *principals) {
    std::string value =
        principal.type == "AWS" ? account_root_arn(principal.value) : std::string(principal.value);
    Strings& values = by_type[principal.type];
    if (std::ranges::find(values, value) == values.end()) values.push_back(std::move(value));
  }
  writer.begin_object();
  for (const auto& [type, values] : by_type) {
    writer.key(type);
    write_one_or_list(writer, values);
  }
  writer.end_object();
}

void write_conditions(json::Writer& writer, const std::vector<ConditionText>& conditions) {
  if (conditions.empty()) return;
  std::map<std::string_view, std::map<std::string_view, const Strings*>> by_operator;
  for (const ConditionText& condition : conditions) {
    by_operator[condition.comparison][condition.key] = &condition.values;
  }
  writer.key("Condition");
  writer.begin_object();
  for (const auto& [comparison, keys] : by_operator) {
    writer.key(comparison);
    writer.begin_object();
    for (const auto& [key, values] : keys) {
      writer.key(key);
      write_one_or_list(writer, *values);
    }
    writer.end_object();
  }
  writer.end_object();
}

void write_statement(json::Writer& writer, const StatementText& statement) {
  writer.begin_object();
  if (statement.id) writer.member("Sid", *statement.id);
  writer.member("Effect", is_deny(*statement.effect) ? "Deny" : "Allow");
  write_principals(writer, "Principal", statement.principals);
  write_principals(writer, "NotPrincipal", statement.not_principals);
  write_texts(writer, "Action", statement.actions);
  write_texts(writer, "NotAction", statement.not_actions);
  write_texts(writer, "Resource", statement.resources);
  write_texts(writer, "NotResource", statement.not_resources);
  write_conditions(writer, statement.conditions);
  writer.end_object();
}

}  // namespace

Result<std::string> canonical_document(std::string_view json, DocumentKind kind) {
  (void)TRY(read_policy(json, kind));
  const auto parsed = TRY(json::Document::parse(json));
  const DocumentText document = TRY(read_document(parsed.root(), json, kind));
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("Version", document.version.value_or("2008-10-17"));
  if (!document.id.empty()) writer.member("Id", document.id);
  writer.key("Statement");
  writer.begin_array();
  for (const StatementText& statement : document.statements) write_statement(writer, statement);
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace millrace::policy
