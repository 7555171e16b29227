#include "auth/request_verifier.h"

#include <openssl/crypto.h>

#include "auth/canonical_form.h"
#include "auth/credential.h"
#include "auth/header_name.h"
#include "auth/hex_text.h"
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

// Appends what stands for the payload in the canonical request. `declared` is
// X-Amz-Content-Sha256, or empty.
Status append_payload_hash(std::string& out, std::string_view declared, std::string_view body,
                           bool takes_unsigned_payload) {
  if (declared == kUnsignedPayload && takes_unsigned_payload) {
    out += declared;
    return Done{};
  }
  // The literals of other ways to sign a payload are no hash of this one either.
  if (!declared.empty() && declared.size() != 2 * sizeof(Sha256Digest)) return signature_mismatch();
  const HexText computed(sha256(body));
  if (!declared.empty() && declared != computed.view()) return signature_mismatch();
  out += computed.view();
  return Done{};
}

// All but the payload's hash.
void append_canonical_request(std::string& out, const SignedRequest& request,
                              const Credential& credential, const SignedHeaders& headers) {
  out.append(request.method).append("\n");
  append_canonical_path(out, path_of(request.target));
  out += '\n';
  append_canonical_query(out, query_of(request.target),
                         credential.is_in_query ? "X-Amz-Signature" : "");
  out += '\n';
  headers.append_to(out);
  out += '\n';
}

// Overwrites the canonical request with what is signed of it.
HexText signature_of(std::string& canonical_request, const Credential& credential,
                     std::string_view timestamp, std::string_view secret_access_key) {
  const Sha256Digest hash = sha256(canonical_request);
  std::string& text = canonical_request;
  text.clear();
  text.append(kAlgorithm).append("\n").append(timestamp).append("\n").append(credential.date);
  text.append("/").append(credential.region).append("/").append(credential.service);
  text.append("/").append(kTerminator).append("\n");
  append_hex(text, hash);
  const HmacKey& key = cached_signing_key(
      {secret_access_key, credential.date, credential.region, credential.service});
  return HexText(key.digest(text));
}

// Empty, with room. A thread has one, which verify() alone uses.
std::string& text_buffer() {
  constexpr size_t kKeptBytesMax = 16 * 1024;
  thread_local std::string buffer;
  if (buffer.capacity() > kKeptBytesMax) buffer = std::string();
  buffer.clear();
  return buffer;
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
  const auto parsed = parse_credential(facts.source);
  if (!parsed.ok()) return parsed.error();
  if (!parsed->has_value()) return missing_authentication_token();
  const Credential& credential = **parsed;
  const int64_t now_seconds = state_->clock.now_milliseconds() / 1000;
  const Timestamp timestamp = TRY(current_timestamp(credential, now_seconds));
  SignedHeaders headers;
  TRY(headers.choose(credential.signed_headers, request.headers));
  TRY(check_scope(credential, service, state_->region, as_text(timestamp)));
  const SigningIdentityPointer identity =
      state_->keys.find(credential.access_key_id, credential.session_token);
  if (identity == nullptr) return unrecognized_client();
  if (now_seconds >= identity->expires_at_seconds) return expired_token();

  const std::string_view declared =
      facts.payload_hash.empty() ? credential.payload_hash : facts.payload_hash;
  std::string& text = text_buffer();
  append_canonical_request(text, request, credential, headers);
  TRY(append_payload_hash(text, declared, request.body, takes_unsigned_payload));
  const HexText expected =
      signature_of(text, credential, as_text(timestamp), identity->secret_access_key);
  if (credential.signature.size() != expected.view().size() ||
      CRYPTO_memcmp(credential.signature.data(), expected.view().data(), expected.view().size()) !=
          0) {
    return signature_mismatch();
  }
  return identity->principal;
}

}  // namespace millrace::auth
