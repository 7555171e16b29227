#include "auth/sigv4.h"

#include <algorithm>
#include <ctime>

#include "auth/uri.h"

namespace millrace::auth {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";

void append_lower_case(std::string& out, std::string_view text) {
  for (char c : text) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
  std::string out;
  append_lower_case(out, text);
  return out;
}

// Without spaces at the ends, and with one for every run of them inside.
void append_trimmed(std::string& out, std::string_view value) {
  bool pending_space = false;
  bool started = false;
  for (char c : value) {
    if (c == ' ' || c == '\t') {
      pending_space = started;
      continue;
    }
    if (pending_space) out += ' ';
    pending_space = false;
    started = true;
    out += c;
  }
}

struct NamedHeader {
  std::string name;
  std::string_view value;
};

std::vector<NamedHeader> sorted_headers(std::span<const HeaderView> headers) {
  std::vector<NamedHeader> sorted;
  sorted.reserve(headers.size());
  for (const HeaderView& header : headers) {
    sorted.push_back({lower_case(header.name), header.value});
  }
  // Stable, since the values of one name keep their order.
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const NamedHeader& a, const NamedHeader& b) { return a.name < b.name; });
  return sorted;
}

void append_names(std::string& out, const std::vector<NamedHeader>& sorted) {
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0 && sorted[i].name == sorted[i - 1].name) continue;
    if (i > 0) out += ';';
    out += sorted[i].name;
  }
}

// RFC 3986's removal of dot segments and of empty ones, then one more encoding.
void append_canonical_path(std::string& out, std::string_view path) {
  if (path == "/" || path.empty()) {
    out += '/';
    return;
  }
  std::vector<std::string_view> segments;
  bool ends_with_slash = false;
  for (size_t begin = 0; begin <= path.size();) {
    size_t end = std::min(path.find('/', begin), path.size());
    std::string_view segment = path.substr(begin, end - begin);
    ends_with_slash = segment.empty() || segment == "." || segment == "..";
    if (segment == ".." && !segments.empty()) segments.pop_back();
    if (!ends_with_slash) segments.push_back(segment);
    begin = end + 1;
  }
  for (std::string_view segment : segments) {
    out += '/';
    append_uri_encoded(out, segment);
  }
  if (ends_with_slash || segments.empty()) out += '/';
}

void append_canonical_query(std::string& out, std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    if (parameter.empty()) continue;
    size_t equals = std::min(parameter.find('='), parameter.size());
    auto& [name, value] = parameters.emplace_back();
    append_uri_encoded(name, uri_decode(parameter.substr(0, equals)));
    if (equals < parameter.size()) {
      append_uri_encoded(value, uri_decode(parameter.substr(equals + 1)));
    }
  }
  std::sort(parameters.begin(), parameters.end());
  for (const auto& [name, value] : parameters) {
    if (&name != &parameters.front().first) out += '&';
    out.append(name).append("=").append(value);
  }
}

}  // namespace

std::string Scope::to_string() const {
  std::string out;
  out.append(date).append("/").append(region).append("/").append(service);
  return out.append("/").append(kTerminator);
}

std::string signed_headers(std::span<const HeaderView> headers) {
  std::string out;
  append_names(out, sorted_headers(headers));
  return out;
}

std::string canonical_request(const RequestParts& request) {
  std::vector<NamedHeader> headers = sorted_headers(request.headers);
  size_t path_end = std::min(request.target.find('?'), request.target.size());

  std::string out;
  out.reserve(512);
  out.append(request.method).append("\n");
  const std::string_view path = request.target.substr(0, path_end);
  if (request.signs_path_as_sent) {
    out += path;
  } else {
    append_canonical_path(out, path);
  }
  out += '\n';
  if (path_end < request.target.size()) {
    append_canonical_query(out, request.target.substr(path_end + 1));
  }
  out += '\n';
  for (size_t i = 0; i < headers.size(); ++i) {
    bool continues = i > 0 && headers[i].name == headers[i - 1].name;
    if (i > 0 && !continues) out += '\n';
    if (continues)
      out += ',';
    else
      out.append(headers[i].name).append(":");
    append_trimmed(out, headers[i].value);
  }
  out += "\n\n";
  append_names(out, headers);
  out += '\n';
  append_hex(out, sha256(request.payload));
  return out;
}

std::string string_to_sign(std::string_view timestamp, const Scope& scope,
                           std::string_view canonical_request) {
  std::string out;
  out.reserve(192);
  out.append(kAlgorithm).append("\n").append(timestamp).append("\n");
  out.append(scope.to_string()).append("\n");
  append_hex(out, sha256(canonical_request));
  return out;
}

Sha256Digest derive_signing_key(std::string_view secret_access_key, const Scope& scope) {
  Sha256Digest key = HmacSha256("AWS4" + std::string(secret_access_key)).digest(scope.date);
  key = HmacSha256(as_text(key)).digest(scope.region);
  key = HmacSha256(as_text(key)).digest(scope.service);
  return HmacSha256(as_text(key)).digest(kTerminator);
}

std::string amz_date(int64_t seconds_since_1970) {
  auto seconds = static_cast<time_t>(seconds_since_1970);
  tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  return {text, strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts)};
}

void Signer::use_time(int64_t seconds_since_1970) {
  if (key_ && seconds_since_1970 == seconds_since_1970_) return;
  seconds_since_1970_ = seconds_since_1970;
  timestamp_ = amz_date(seconds_since_1970);
  std::string date = timestamp_.substr(0, 8);
  if (key_ && date == scope_.date) return;
  scope_.date = std::move(date);
  key_.emplace(as_text(derive_signing_key(credentials_.secret_access_key, scope_)));
}

SignatureHeaders Signer::sign(const RequestParts& request, int64_t seconds_since_1970) {
  use_time(seconds_since_1970);
  std::vector<HeaderView> headers(request.headers.begin(), request.headers.end());
  headers.push_back({"x-amz-date", timestamp_});
  if (!credentials_.session_token.empty()) {
    headers.push_back({"x-amz-security-token", credentials_.session_token});
  }
  RequestParts complete = request;
  complete.headers = headers;

  std::string authorization;
  authorization.reserve(256);
  authorization.append(kAlgorithm).append(" Credential=").append(credentials_.access_key_id);
  authorization.append("/").append(scope_.to_string()).append(", SignedHeaders=");
  authorization.append(signed_headers(headers)).append(", Signature=");
  append_hex(authorization,
             key_->digest(string_to_sign(timestamp_, scope_, canonical_request(complete))));
  return {timestamp_, std::move(authorization), credentials_.session_token};
}

}  // namespace millrace::auth
