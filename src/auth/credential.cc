#include "auth/credential.h"

#include <algorithm>
#include <array>

#include "auth/refusal.h"
#include "auth/uri.h"

namespace millrace::auth {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kAlgorithmParameter = "X-Amz-Algorithm";

// Calls `visit` with each part of `text` between separators, empty ones too.
template <typename Visit>
void split(std::string_view text, char separator, Visit visit) {
  size_t begin = 0;
  for (size_t end = 0; (end = text.find(separator, begin)) != std::string_view::npos;) {
    visit(text.substr(begin, end - begin));
    begin = end + 1;
  }
  visit(text.substr(begin));
}

// A parameter that a signature is made of.
struct Field {
  std::string_view name;
  bool is_required = true;
  bool is_there = false;
  std::string_view value = {};
};

// Of those there are; nullptr: it is no such parameter. `repeated` is set when it was there before.
template <size_t kCount>
Field* find_field(std::array<Field, kCount>& fields, std::string_view name,
                  std::string_view& repeated) {
  for (Field& field : fields) {
    if (field.name != name) continue;
    if (field.is_there) repeated = field.name;
    field.is_there = true;
    return &field;
  }
  return nullptr;
}

Status check_algorithm(std::string_view algorithm) {
  if (algorithm == kAlgorithm) return Done{};
  return incomplete_signature("Unsupported AWS 'algorithm': '" + shown(algorithm) + "' (only " +
                              std::string(kAlgorithm) + " for now). ");
}

// Without what only the query form has.
Result<Credential> make_credential(std::string_view scope, std::string_view signed_headers,
                                   std::string_view signature) {
  std::string_view rest = scope;
  while (rest.ends_with('/')) rest.remove_suffix(1);
  std::array<std::string_view, 5> elements;
  size_t count = 0;
  split(rest, '/', [&](std::string_view element) {
    if (count < elements.size()) elements[count] = element;
    ++count;
  });
  if (count != elements.size()) {
    return incomplete_signature(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term, got '" +
        shown(scope) + "'");
  }
  Credential made;
  made.access_key_id = elements[0];
  made.date = elements[1];
  made.region = elements[2];
  made.service = elements[3];
  made.terminator = elements[4];
  made.signed_headers = signed_headers;
  made.signature = signature;
  return made;
}

Result<std::optional<Credential>> parse_header(const SignatureSource& source) {
  const std::string_view header = source.authorization;
  const size_t algorithm_end = std::min({header.find(' '), header.find(','), header.size()});

  std::array<Field, 3> fields = {{{"Credential"}, {"Signature"}, {"SignedHeaders"}}};
  std::string_view repeated;
  std::string_view not_a_pair;
  const auto read_pair = [&](std::string_view part) {
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      if (not_a_pair.empty()) not_a_pair = part;
      return;
    }
    Field* field = find_field(fields, part.substr(0, equals), repeated);
    if (field != nullptr) field->value = part.substr(equals + 1);
  };
  split(header.substr(algorithm_end), ',',
        [&](std::string_view parts) { split(parts, ' ', read_pair); });
  if (!not_a_pair.empty()) {
    return incomplete_signature(
        "'" + shown(not_a_pair) +
        "' not a valid key=value pair (missing equal-sign) in Authorization header: '" +
        shown(header) + "'.");
  }

  std::string problems;
  for (const Field& field : fields) {
    if (!field.value.empty()) continue;
    problems.append("Authorization header requires '").append(field.name).append("' parameter. ");
  }
  if (source.date.empty()) {
    problems +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (!repeated.empty()) {
    problems.append("Authorization header has '").append(repeated).append("' more than once. ");
  }
  if (!problems.empty()) {
    return incomplete_signature(problems.append("Authorization=").append(shown(header)));
  }
  TRY(check_algorithm(header.substr(0, algorithm_end)));
  Credential made = TRY(make_credential(fields[0].value, fields[2].value, fields[1].value));
  made.session_token = source.security_token;
  made.time = source.date;
  return std::optional<Credential>(std::move(made));
}

// `text` decoded, in `storage` where that makes it another.
std::string_view decoded(std::string_view text, std::string& storage) {
  if (text.find('%') == std::string_view::npos) return text;
  storage = uri_decode(text);
  return storage;
}

bool has_signature(std::string_view query) {
  bool found = false;
  std::string storage;
  split(query, '&', [&](std::string_view part) {
    if (decoded(part.substr(0, part.find('=')), storage) == kAlgorithmParameter) found = true;
  });
  return found;
}

Result<std::optional<Credential>> parse_query(std::string_view query) {
  std::array<Field, 8> fields = {{{kAlgorithmParameter},
                                  {"X-Amz-Credential"},
                                  {"X-Amz-Signature"},
                                  {"X-Amz-SignedHeaders"},
                                  {"X-Amz-Date"},
                                  {"X-Amz-Security-Token", false},
                                  {"X-Amz-Expires", false},
                                  {"X-Amz-Content-Sha256", false}}};
  const auto values = std::make_shared<std::array<std::string, fields.size()>>();
  std::string_view repeated;
  std::string storage;
  split(query, '&', [&](std::string_view part) {
    const size_t equals = std::min(part.find('='), part.size());
    Field* field = find_field(fields, decoded(part.substr(0, equals), storage), repeated);
    if (field == nullptr) return;
    std::string& value = (*values)[static_cast<size_t>(field - fields.data())];
    value = uri_decode(part.substr(std::min(part.size(), equals + 1)));
    field->value = value;
  });

  std::string problems;
  for (const Field& field : fields) {
    if (!field.is_required || !field.value.empty()) continue;
    problems.append("AWS query-string parameters must include '").append(field.name).append("'. ");
  }
  if (!repeated.empty()) {
    problems.append("AWS query-string parameters must include '");
    problems.append(repeated).append("' only once. ");
  }
  if (!problems.empty()) {
    return incomplete_signature(problems + "Re-examine the query-string parameters.");
  }
  TRY(check_algorithm(fields[0].value));
  Credential made = TRY(make_credential(fields[1].value, fields[3].value, fields[2].value));
  made.time = fields[4].value;
  made.session_token = fields[5].value;
  made.expires_seconds = fields[6].value;
  made.payload_hash = fields[7].value;
  made.is_in_query = true;
  made.decoded = values;
  return std::optional<Credential>(std::move(made));
}

}  // namespace

Result<std::optional<Credential>> parse_credential(const SignatureSource& source) {
  const bool query_has_one = !source.query.empty() && has_signature(source.query);
  if (source.authorization.empty()) {
    if (!query_has_one) return std::optional<Credential>();
    return parse_query(source.query);
  }
  if (query_has_one) {
    return invalid_signature(
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
  }
  // Another scheme is no signature at all.
  if (!source.authorization.starts_with("AWS4-")) return std::optional<Credential>();
  return parse_header(source);
}

std::vector<std::string_view> names_of(std::string_view signed_headers) {
  std::vector<std::string_view> names;
  split(signed_headers, ';', [&](std::string_view name) { names.push_back(name); });
  return names;
}

Claim read_claim(const SignatureSource& source) {
  Result<std::optional<Credential>> credential = parse_credential(source);
  if (!credential.ok() || !credential->has_value()) return {};
  return {std::string((*credential)->access_key_id), std::string((*credential)->session_token)};
}

}  // namespace millrace::auth
