#include "auth/credential.h"

#include "auth/uri.h"

namespace millrace::auth {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

Error incomplete(std::string message) {
  return {ErrorCode::kIncompleteSignatureException, std::move(message)};
}

Error unsupported_algorithm(std::string_view algorithm) {
  return incomplete("Unsupported AWS 'algorithm': '" + std::string(algorithm) + "' (only " +
                    std::string(kAlgorithm) + " for now). ");
}

// Calls `visit` with each part of `text` between characters of `separators`, empty ones too.
template <typename Visit>
void split(std::string_view text, std::string_view separators, Visit visit) {
  while (true) {
    size_t end = text.find_first_of(separators);
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> split_to_strings(std::string_view text, char separator) {
  std::vector<std::string> parts;
  split(text, {&separator, 1}, [&](std::string_view part) { parts.emplace_back(part); });
  return parts;
}

// What both forms carry.
struct Fields {
  std::string credential;
  std::string signed_headers;
  std::string signature;
  std::string security_token;
};

Result<std::optional<Credential>> make_credential(Fields fields) {
  std::string_view trimmed = fields.credential;
  while (trimmed.ends_with('/')) trimmed.remove_suffix(1);
  std::vector<std::string> scope = split_to_strings(trimmed, '/');
  if (scope.size() != 5) {
    return incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term, got '" +
        fields.credential + "'");
  }
  return std::optional<Credential>({.access_key_id = std::move(scope[0]),
                                    .date = std::move(scope[1]),
                                    .region = std::move(scope[2]),
                                    .service = std::move(scope[3]),
                                    .terminator = std::move(scope[4]),
                                    .signed_headers = split_to_strings(fields.signed_headers, ';'),
                                    .signature = std::move(fields.signature),
                                    .session_token = std::move(fields.security_token)});
}

Result<std::optional<Credential>> parse_header(const SignatureSource& source) {
  size_t algorithm_end = source.authorization.find_first_of(" ,");
  std::string_view algorithm = source.authorization.substr(0, algorithm_end);

  Fields fields;
  fields.security_token = source.security_token;
  split(source.authorization, " ,", [&](std::string_view part) {
    size_t equals = part.find('=');
    if (equals == std::string_view::npos) return;
    std::string_view name = part.substr(0, equals);
    std::string_view value = part.substr(equals + 1);
    if (name == "Credential") fields.credential = value;
    if (name == "SignedHeaders") fields.signed_headers = value;
    if (name == "Signature") fields.signature = value;
  });

  std::string missing;
  auto require = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) return;
    missing.append("Authorization header requires '").append(name).append("' parameter. ");
  };
  require("Credential", fields.credential);
  require("Signature", fields.signature);
  require("SignedHeaders", fields.signed_headers);
  if (source.date.empty()) {
    missing +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!missing.empty()) {
    return incomplete(missing.append("Authorization=").append(source.authorization));
  }
  if (algorithm != kAlgorithm) {
    return unsupported_algorithm(algorithm);
  }
  return make_credential(std::move(fields));
}

Result<std::optional<Credential>> parse_query(std::string_view query) {
  bool is_signed = false;
  std::string algorithm;
  std::string date;
  Fields fields;
  split(query, "&", [&](std::string_view part) {
    size_t equals = part.find('=');
    std::string name = uri_decode(part.substr(0, equals));
    std::string value =
        equals == std::string_view::npos ? std::string() : uri_decode(part.substr(equals + 1));
    if (name == "X-Amz-Algorithm")
      is_signed = true, algorithm = std::move(value);
    else if (name == "X-Amz-Credential")
      fields.credential = std::move(value);
    else if (name == "X-Amz-Signature")
      fields.signature = std::move(value);
    else if (name == "X-Amz-SignedHeaders")
      fields.signed_headers = std::move(value);
    else if (name == "X-Amz-Date")
      date = std::move(value);
    else if (name == "X-Amz-Security-Token")
      fields.security_token = std::move(value);
  });
  if (!is_signed) return std::optional<Credential>();

  std::string missing;
  auto require = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) return;
    missing.append("AWS query-string parameters must include '").append(name).append("'. ");
  };
  require("X-Amz-Algorithm", algorithm);
  require("X-Amz-Credential", fields.credential);
  require("X-Amz-Signature", fields.signature);
  require("X-Amz-SignedHeaders", fields.signed_headers);
  require("X-Amz-Date", date);
  if (!missing.empty()) return incomplete(missing + "Re-examine the query-string parameters.");
  if (algorithm != kAlgorithm) {
    return unsupported_algorithm(algorithm);
  }
  return make_credential(std::move(fields));
}

}  // namespace

Result<std::optional<Credential>> parse_credential(const SignatureSource& source) {
  // Another scheme is no signature at all, also when the query holds one.
  if (!source.authorization.empty()) {
    if (!source.authorization.starts_with("AWS4-")) return std::optional<Credential>();
    return parse_header(source);
  }
  if (source.query.empty()) return std::optional<Credential>();
  return parse_query(source.query);
}

Claim read_claim(const SignatureSource& source) {
  Result<std::optional<Credential>> credential = parse_credential(source);
  if (!credential.ok() || !credential->has_value()) return {};
  return {(*credential)->access_key_id, (*credential)->session_token};
}

}  // namespace millrace::auth
