#include "auth/sigv4.h"

#include <algorithm>
#include <ctime>

#include "auth/canonical_form.h"
#include "auth/hmac.h"

namespace millrace::auth {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";

std::string in_lower_case(std::string_view text) {
  std::string out;
  append_lower_case(out, text);
  return out;
}

struct NamedHeader {
  std::string name;
  std::string_view value;
};

std::vector<NamedHeader> sorted_headers(std::span<const HeaderView> headers) {
  std::vector<NamedHeader> sorted;
  sorted.reserve(headers.size());
  for (const HeaderView& header : headers) {
    sorted.push_back({in_lower_case(header.name), header.value});
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
  Sha256Digest key = HmacKey("AWS4" + std::string(secret_access_key)).digest(scope.date);
  key = HmacKey(as_text(key)).digest(scope.region);
  key = HmacKey(as_text(key)).digest(scope.service);
  return HmacKey(as_text(key)).digest(kTerminator);
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
