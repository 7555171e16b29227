#include "auth/request_verifier.h"

#include <openssl/crypto.h>

#include "auth/canonical_form.h"
#include "auth/credential.h"
#include "auth/header_name.h"
#include "auth/hmac.h"
#include "auth/refusal.h"
#include "auth/signature_time.h"
#include "auth/signed_headers.h"
#include "auth/signing_key_cache.h"

namespace millrace::auth {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";
constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";
// Where the services are whose endpoints are the same for all regions.
constexpr std::string_view kGlobalRegion = "us-east-1";

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

std::string_view query_of(std::string_view target) {
  const size_t question = target.find('?');
  return question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
}

// What the headers say of the signature beside what they are as signed headers.
struct SignatureFacts {
  SignatureSource source;
  std::string_view payload_hash;  // X-Amz-Content-Sha256; empty: absent
  bool has_several_authorizations = false;
};

SignatureFacts facts_of(const SignedRequest& request) {
  SignatureFacts facts;
  facts.source.query = query_of(request.target);
  std::string_view date;
  for (const HeaderView& header : request.headers) {
    if (is_name(header.name, "authorization")) {
      if (!facts.source.authorization.empty()) facts.has_several_authorizations = true;
      facts.source.authorization = header.value;
    } else if (is_name(header.name, "x-amz-date")) {
      facts.source.date = header.value;
    } else if (is_name(header.name, "x-amz-security-token")) {
      facts.source.security_token = header.value;
    } else if (is_name(header.name, "x-amz-content-sha256")) {
      facts.payload_hash = header.value;
    } else if (is_name(header.name, "date")) {
      date = header.value;
    }
  }
  if (facts.source.date.empty()) facts.source.date = date;
  return facts;
}

bool is_service(std::string_view name) {
  for (std::string_view service : {"dynamodb", "lambda", "cloudtrail", "logs", "iam", "sts"}) {
    if (name == service) return true;
  }
  return false;
}

bool is_region_of(std::string_view region, std::string_view service, std::string_view own) {
  return region == own || ((service == "iam" || service == "sts") && region == kGlobalRegion);
}

// `service` empty: any. `timestamp` is that of the request.
Status check_scope(const Credential& credential, std::string_view service, std::string_view region,
                   std::string_view timestamp) {
  std::string problems;
  if (!is_region_of(credential.region, credential.service, region)) {
    problems +=
        "Credential should be scoped to a valid region, not '" + shown(credential.region) + "'. ";
  }
  if (service.empty() ? !is_service(credential.service) : credential.service != service) {
    problems += "Credential should be scoped to correct service: '" +
                std::string(service.empty() ? "dynamodb" : service) + "'. ";
  }
  if (credential.terminator != kTerminator) {
    problems += "Credential should be scoped with a valid terminator: '" +
                std::string(kTerminator) + "', not '" + shown(credential.terminator) + "'. ";
  }
  const std::string_view day = timestamp.substr(0, 8);
  if (credential.date != day) {
    problems +=
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        "'" +
        shown(credential.date) + "' != '" + std::string(day) + "', from '" +
        std::string(timestamp) + "'.";
  }
  if (!problems.empty()) return invalid_signature(std::move(problems));
  return Done{};
}

std::string hex(const Sha256Digest& digest) {
  std::string out;
  out.reserve(2 * digest.size());
  append_hex(out, digest);
  return out;
}

// What stands for the payload in the canonical request. `declared` is X-Amz-Content-Sha256, or
// empty.
Result<std::string> payload_hash(std::string_view declared, std::string_view body,
                                 bool takes_unsigned_payload) {
  if (declared == kUnsignedPayload && takes_unsigned_payload) return std::string(declared);
  // The literals of other ways to sign a payload are no hash of this one either.
  if (!declared.empty() && declared.size() != 2 * sizeof(Sha256Digest)) return signature_mismatch();
  std::string computed = hex(sha256(body));
  if (!declared.empty() && declared != computed) return signature_mismatch();
  return computed;
}

std::string canonical_request(const SignedRequest& request, const Credential& credential,
                              const SignedHeaders& headers, std::string_view payload_hash) {
  std::string out;
  out.reserve(1024);
  out.append(request.method).append("\n");
  append_canonical_path(out, path_of(request.target));
  out += '\n';
  append_canonical_query(out, query_of(request.target),
                         credential.is_in_query ? "X-Amz-Signature" : "");
  out += '\n';
  headers.append_to(out);
  return out.append("\n").append(payload_hash);
}

std::string signature_of(std::string_view canonical_request, const Credential& credential,
                         std::string_view timestamp, std::string_view secret_access_key) {
  std::string text;
  text.reserve(192);
  text.append(kAlgorithm).append("\n").append(timestamp).append("\n").append(credential.date);
  text.append("/").append(credential.region).append("/").append(credential.service);
  text.append("/").append(kTerminator).append("\n");
  append_hex(text, sha256(canonical_request));
  const Sha256Digest& key = cached_signing_key(
      {secret_access_key, credential.date, credential.region, credential.service});
  return hex(hmac_sha256(as_text(key), text));
}

}  // namespace

struct RequestVerifier::State {
  const AccessKeys& keys;
  const Clock& clock;
  const std::string region;
};

RequestVerifier::RequestVerifier(const AccessKeys& keys, const Clock& clock, std::string region)
    : state_(new State{keys, clock, std::move(region)}) {}

RequestVerifier::~RequestVerifier() = default;

Result<PrincipalPointer> RequestVerifier::verify(const SignedRequest& request,
                                                 std::string_view service,
                                                 bool takes_unsigned_payload) const {
  // Whatever can be told without the body and without deriving a key comes first.
  const SignatureFacts facts = facts_of(request);
  if (facts.has_several_authorizations) {
    return incomplete_signature("The request has more than one Authorization header.");
  }
  auto parsed = TRY(parse_credential(facts.source));
  if (!parsed) return missing_authentication_token();
  Credential& credential = *parsed;
  const int64_t now_seconds = state_->clock.now_milliseconds() / 1000;
  const std::string timestamp = TRY(current_timestamp(credential, now_seconds));
  const SignedHeaders headers =
      TRY(SignedHeaders::choose(std::move(credential.signed_headers), request.headers));
  TRY(check_scope(credential, service, state_->region, timestamp));
  const SigningIdentityPointer identity =
      state_->keys.find(credential.access_key_id, credential.session_token);
  if (identity == nullptr) return unrecognized_client();
  if (now_seconds >= identity->expires_at_seconds) return expired_token();

  const std::string_view declared =
      facts.payload_hash.empty() ? credential.payload_hash : facts.payload_hash;
  const std::string payload = TRY(payload_hash(declared, request.body, takes_unsigned_payload));
  const std::string expected =
      signature_of(canonical_request(request, credential, headers, payload), credential, timestamp,
                   identity->secret_access_key);
  if (credential.signature.size() != expected.size() ||
      CRYPTO_memcmp(credential.signature.data(), expected.data(), expected.size()) != 0) {
    return signature_mismatch();
  }
  return identity->principal;
}

}  // namespace millrace::auth
