#include "policy/policy.h"

#include "policy/document.h"
#include "policy/document_checks.h"
#include "policy/statement.h"

namespace millrace::policy {
namespace {

// As the API model of IAM bounds a document.
constexpr size_t kDocumentBytesMax = 131'072;

Result<json::Document> parse(std::string_view json, DocumentKind kind) {
  if (json.size() > kDocumentBytesMax) return syntax_error();
  auto parsed = json::Document::parse(json);
  if (parsed.ok()) return parsed;
  if (kind == DocumentKind::kIdentity) return syntax_error();
  return malformed("This policy contains invalid Json");
}

Result<DocumentText> read_and_check(json::Element root, std::string_view json, DocumentKind kind) {
  auto document = TRY(read_document(root, json, kind));
  TRY(check_version(document, kind));
  TRY(check_document(document, kind));
  return document;
}

// As the services word it that take such a document.
Error worded(Error error, DocumentKind kind) {
  if (kind != DocumentKind::kResource) return error;
  return malformed("Invalid policy document: " + error.message);
}

}  // namespace

Policy::Policy() = default;
Policy::~Policy() = default;
Policy::Policy(Policy&&) noexcept = default;
Policy& Policy::operator=(Policy&&) noexcept = default;

Result<PolicyPointer> read_policy(std::string_view json, DocumentKind kind) {
  auto parsed = parse(json, kind);
  if (!parsed.ok()) return worded(std::move(parsed).error(), kind);
  const auto document = read_and_check(parsed->root(), json, kind);
  if (!document.ok()) return worded(document.error(), kind);
  TRY(check_principals(*document, kind));
  Policy policy;
  policy.id = document->id;
  for (const StatementText& text : document->statements) {
    auto statement = make_statement(text, document->version == "2012-10-17");
    if (!statement.ok()) return worded(std::move(statement).error(), kind);
    policy.statements.push_back(std::move(*statement));
  }
  return std::make_shared<const Policy>(std::move(policy));
}

}  // namespace millrace::policy
