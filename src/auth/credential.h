// Who a request says it is from: the facts of its Signature Version 4, read but not verified.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace::auth {

// What of a request may carry a signature; empty is absent.
struct SignatureSource {
  std::string_view authorization = {};   // the header
  std::string_view date = {};            // the header X-Amz-Date, else Date
  std::string_view security_token = {};  // the header X-Amz-Security-Token
  std::string_view query = {};           // of the target, undecoded, without the '?'
};

// AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request, and the rest of the signature.
struct Credential {
  std::string access_key_id;
  std::string date;  // YYYYMMDD
  std::string region;
  std::string service;
  std::string terminator;                   // "aws4_request" in every good one
  std::vector<std::string> signed_headers;  // in the client's order
  std::string signature;
  std::string session_token;  // empty: none
  std::string time;           // X-Amz-Date or Date, as sent
  // Of the query form alone, as sent; empty: absent.
  bool is_in_query = false;
  std::string expires_seconds = {};  // X-Amz-Expires
  std::string payload_hash = {};     // X-Amz-Content-Sha256

  friend bool operator==(const Credential&, const Credential&) = default;
};

// nullopt when the request has none: MissingAuthenticationTokenException if one is required.
// IncompleteSignatureException with the service's message when it has one that lacks something or
// has it twice; InvalidSignatureException when both the header and the query have one.
[[nodiscard]] Result<std::optional<Credential>> parse_credential(const SignatureSource& source);

// Whom a request says it acts for, unchecked.
struct Claim {
  std::string access_key_id;  // empty: anonymous
  std::string session_token;

  [[nodiscard]] bool anonymous() const { return access_key_id.empty(); }
};

// Anonymous when its signature is absent or malformed.
[[nodiscard]] Claim read_claim(const SignatureSource& source);

}  // namespace millrace::auth
