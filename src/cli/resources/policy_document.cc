#include "cli/resources/policy_document.h"

#include "cli/client/answer.h"

namespace millrace::cli::resources {

namespace {

Node parsed(const std::string& json) {
  const auto document = json::Document::parse(json);
  return document.ok() ? node_of(document->root()) : Node();
}

}  // namespace

Result<Node> declared_document(const Node& document, policy::DocumentKind kind,
                               const std::string& path) {
  if (document.kind == NodeKind::kUnknown) return document;
  if (!document.is_map()) return fault(document, path, "takes a policy document");
  if (has_unknown(document)) return document;
  const auto canonical = policy::canonical_document(to_json(document), kind);
  if (!canonical.ok()) return fault(document, path, canonical.error().message);
  Node node = parsed(*canonical);
  node.place = document.place;
  return node;
}

Node current_document(const std::string& json, policy::DocumentKind kind) {
  if (json.empty()) return {};
  const auto canonical = policy::canonical_document(json, kind);
  return parsed(canonical.ok() ? *canonical : json);
}

}  // namespace millrace::cli::resources
