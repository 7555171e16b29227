#include "policy/policy.h"

#include "policy/document.h"
#include "policy/document_checks.h"
#include "policy/statement.h"

namespace millrace::policy {
namespace {

// As the API model of IAM bounds a document.
constexpr size_t kDocumentBytesMax = 131'072;

Error not_json(DocumentKind kind) {
  if (kind == DocumentKind::kIdentity) return syntax_error();
  return malformed("This policy contains invalid Json");
}

}  // namespace

Policy::Policy() = default;
Policy::~Policy() = default;
Policy::Policy(Policy&&) noexcept = default;
Policy& Policy::operator=(Policy&&) noexcept = default;

Result<PolicyPointer> read_policy(std::string_view json, DocumentKind kind) {
  if (json.size() > kDocumentBytesMax) return syntax_error();
  const auto parsed = json::Document::parse(json);
  if (!parsed.ok()) return not_json(kind);
  const DocumentText document = TRY(read_document(parsed->root(), json, kind));
  TRY(check_version(document, kind));
  TRY(check_document(document, kind));
  Policy policy;
  policy.id = document.id;
  for (const StatementText& text : document.statements) {
    policy.statements.push_back(TRY(make_statement(text, document.version == "2012-10-17")));
  }
  return std::make_shared<const Policy>(std::move(policy));
}

}  // namespace millrace::policy
