#include "policy/document.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "policy/condition.h"
#include "policy/letters.h"

namespace millrace::policy {
namespace {

using json::Element;

bool has_old_parser(DocumentKind kind) {
  return kind == DocumentKind::kIdentity;
}

Error unknown_field(std::string_view name, DocumentKind kind) {
  if (has_old_parser(kind)) return syntax_error();
  return malformed(fmt::format("Unknown field {}", name));
}

Error missing_statements(std::string_view json, DocumentKind kind) {
  if (has_old_parser(kind)) return syntax_error();
  const auto line = 1 + std::count(json.begin(), json.end(), '\n');
  const size_t last_break = json.rfind('\n');
  const size_t column =
      json.size() + 1 - (last_break == std::string_view::npos ? 0 : last_break + 1);
  return malformed(fmt::format("Syntax error at position ({},{})", line, column));
}

Result<std::string_view> read_text(Element value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return syntax_error();
  return text;
}

// A text or a list of texts.
Result<Texts> read_texts(Element value) {
  Texts texts;
  json::Array list;
  if (value.get(list) == simdjson::SUCCESS) {
    for (const Element entry : list) texts.push_back(TRY(read_text(entry)));
  } else {
    texts.push_back(TRY(read_text(value)));
  }
  return texts;
}

// Conditions also take numbers and booleans.
Result<std::string> read_scalar(Element value) {
  switch (value.type()) {
    case simdjson::dom::element_type::STRING:
      return std::string(TRY(read_text(value)));
    case simdjson::dom::element_type::BOOL:
      return std::string(bool(value) ? "true" : "false");
    case simdjson::dom::element_type::INT64:
      return std::to_string(int64_t(value));
    case simdjson::dom::element_type::UINT64:
      return std::to_string(uint64_t(value));
    case simdjson::dom::element_type::DOUBLE:
      return fmt::format("{}", double(value));
    default:
      return syntax_error();
  }
}

Result<std::vector<std::string>> read_scalars(Element value) {
  std::vector<std::string> scalars;
  json::Array list;
  if (value.get(list) == simdjson::SUCCESS) {
    for (const Element entry : list) scalars.push_back(TRY(read_scalar(entry)));
  } else {
    scalars.push_back(TRY(read_scalar(value)));
  }
  return scalars;
}

// No name twice.
Status check_unique(json::Object object) {
  std::vector<std::string_view> names;
  for (const auto member : object) names.push_back(member.key);
  std::ranges::sort(names);
  if (std::ranges::adjacent_find(names) != names.end()) return syntax_error();
  return Done{};
}

Result<json::Object> read_object(Element value) {
  json::Object object;
  if (value.get(object) != simdjson::SUCCESS) return syntax_error();
  TRY(check_unique(object));
  return object;
}

Result<std::vector<PrincipalText>> read_principals(Element value) {
  std::vector<PrincipalText> principals;
  std::string_view anyone;
  if (value.get(anyone) == simdjson::SUCCESS) {
    if (anyone != "*") return syntax_error();
    principals.push_back({"", anyone});
    return principals;
  }
  const json::Object object = TRY(read_object(value));
  for (const auto member : object) {
    if (member.key.empty()) return syntax_error();
    for (const std::string_view text : TRY(read_texts(member.value))) {
      principals.push_back({member.key, text});
    }
  }
  return principals;
}

Result<std::vector<ConditionText>> read_conditions(Element value) {
  std::vector<ConditionText> conditions;
  const json::Object comparisons = TRY(read_object(value));
  for (const auto comparison : comparisons) {
    const json::Object keys = TRY(read_object(comparison.value));
    if (keys.size() > 0 && !read_condition_operator(comparison.key)) return syntax_error();
    for (const auto key : keys) {
      auto values = TRY(read_scalars(key.value));
      conditions.push_back({comparison.key, key.key, std::move(values)});
    }
  }
  return conditions;
}

Status read_element(StatementText& statement, std::string_view name, Element value,
                    DocumentKind kind) {
  if (name == "Sid") {
    statement.id = TRY(read_text(value));
  } else if (name == "Effect") {
    statement.effect = TRY(read_text(value));
  } else if (name == "Action") {
    statement.actions = TRY(read_texts(value));
  } else if (name == "NotAction") {
    statement.not_actions = TRY(read_texts(value));
  } else if (name == "Resource") {
    statement.resources = TRY(read_texts(value));
  } else if (name == "NotResource") {
    statement.not_resources = TRY(read_texts(value));
  } else if (name == "Principal") {
    statement.principals = TRY(read_principals(value));
  } else if (name == "NotPrincipal") {
    statement.not_principals = TRY(read_principals(value));
  } else if (name == "Condition") {
    statement.conditions = TRY(read_conditions(value));
  } else {
    return unknown_field(name, kind);
  }
  return Done{};
}

Result<StatementText> read_statement(Element value, DocumentKind kind) {
  const json::Object object = TRY(read_object(value));
  StatementText statement;
  for (const auto member : object) {
    TRY(read_element(statement, member.key, member.value, kind));
  }
  const bool has_both = (statement.actions && statement.not_actions) ||
                        (statement.resources && statement.not_resources) ||
                        (statement.principals && statement.not_principals);
  if (has_both) return syntax_error();
  if (!statement.effect) {
    return has_old_parser(kind) ? syntax_error() : malformed("Missing required field Effect");
  }
  return statement;
}

Result<std::vector<StatementText>> read_statements(Element value, DocumentKind kind) {
  std::vector<StatementText> statements;
  json::Array list;
  if (value.get(list) == simdjson::SUCCESS) {
    for (const Element entry : list) statements.push_back(TRY(read_statement(entry, kind)));
  } else {
    statements.push_back(TRY(read_statement(value, kind)));
  }
  if (statements.empty()) {
    return has_old_parser(kind) ? syntax_error()
                                : malformed("Could not parse the policy: Statement is empty!");
  }
  return statements;
}

}  // namespace

bool is_deny(std::string_view effect) {
  return equal_ignoring_case(effect, "Deny");
}

Error malformed(std::string message) {
  return {ErrorCode::kMalformedPolicyDocument, std::move(message)};
}

Error syntax_error() {
  return malformed("Syntax errors in policy.");
}

Result<DocumentText> read_document(Element root, std::string_view json, DocumentKind kind) {
  if (!root.is_object()) {
    if (has_old_parser(kind)) return syntax_error();
    return malformed(root.is_null() ? "This text appears not to be a policy"
                                    : "This policy contains invalid Json");
  }
  const json::Object object = TRY(read_object(root));
  DocumentText document;
  for (const auto member : object) {
    if (member.key == "Version") {
      document.version = TRY(read_text(member.value));
    } else if (member.key == "Id") {
      document.id = TRY(read_text(member.value));
    } else if (member.key == "Statement") {
      document.statements = TRY(read_statements(member.value, kind));
    } else {
      return unknown_field(member.key, kind);
    }
  }
  const auto known = {"2008-10-17", "2012-10-17"};
  if (document.version && std::ranges::find(known, *document.version) == known.end()) {
    return syntax_error();
  }
  if (document.statements.empty()) return missing_statements(json, kind);
  return document;
}

}  // namespace millrace::policy
