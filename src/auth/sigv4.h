// AWS Signature Version 4 (IAM User Guide, "Create a signed AWS API request"). Signs requests of
// our own; the parts serve to verify others.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/digest.h"
#include "auth/hmac.h"

namespace millrace::auth {

struct HeaderView {
  std::string_view name;  // any case
  std::string_view value;
};

struct RequestParts {
  std::string_view method;
  std::string_view target;              // path and query as they are sent
  std::span<const HeaderView> headers;  // exactly those to be signed, in any order
  std::string_view payload;
  // As S3 has it: the path is signed as it is sent, and not encoded again.
  bool signs_path_as_sent = false;
};

// What a signing key is good for.
struct Scope {
  std::string date;  // YYYYMMDD
  std::string region;
  std::string service;

  // "20260101/us-east-1/dynamodb/aws4_request"
  [[nodiscard]] std::string to_string() const;
  friend bool operator==(const Scope&, const Scope&) = default;
};

// The lower-case names of the headers in byte order, joined by ';'.
[[nodiscard]] std::string signed_headers(std::span<const HeaderView> headers);
[[nodiscard]] std::string canonical_request(const RequestParts& request);
// `timestamp` is that of X-Amz-Date: 20260101T235959Z.
[[nodiscard]] std::string string_to_sign(std::string_view timestamp, const Scope& scope,
                                         std::string_view canonical_request);
// Costs four HMACs; keep it as long as the scope holds.
[[nodiscard]] Sha256Digest derive_signing_key(std::string_view secret_access_key,
                                              const Scope& scope);

// "20260101T235959Z"
[[nodiscard]] std::string amz_date(int64_t seconds_since_1970);

struct SigningCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: none
};

struct SignatureHeaders {
  std::string amz_date;       // X-Amz-Date
  std::string authorization;  // Authorization
  std::string session_token;  // X-Amz-Security-Token, when not empty
};

// Signs requests to one service with one key. Keeps the signing key of the day. For one thread.
class Signer {
 public:
  Signer(SigningCredentials credentials, std::string region, std::string service)
      : credentials_(std::move(credentials)), scope_{{}, std::move(region), std::move(service)} {}

  // The headers to add to `request`. It must have Host among its headers, and none of those added,
  // which get signed too.
  [[nodiscard]] SignatureHeaders sign(const RequestParts& request, int64_t seconds_since_1970);

 private:
  void use_time(int64_t seconds_since_1970);

  SigningCredentials credentials_;
  Scope scope_;
  int64_t seconds_since_1970_ = -1;  // that of timestamp_
  std::string timestamp_;
  std::optional<HmacKey> key_;  // of scope_
};

}  // namespace millrace::auth
