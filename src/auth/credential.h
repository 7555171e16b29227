// Who a request says it is from: the facts of its Signature Version 4, read but not verified.
#pragma once

#include <memory>
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

// AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request, and the rest of the signature. Views of the
// source, which must outlive it.
struct Credential {
  std::string_view access_key_id;
  std::string_view date;  // YYYYMMDD
  std::string_view region;
  std::string_view service;
  std::string_view terminator;      // "aws4_request" in every good one
  std::string_view signed_headers;  // "host;x-amz-date": names in the client's order
  std::string_view signature;
  std::string_view session_token;  // empty: none
  std::string_view time;           // X-Amz-Date or Date, as sent
  // Of the query form alone, as sent; empty: absent.
  bool is_in_query = false;
  std::string_view expires_seconds = {};  // X-Amz-Expires
  std::string_view payload_hash = {};     // X-Amz-Content-Sha256
  // What the views are of where the query had to be decoded.
  std::shared_ptr<const void> decoded = nullptr;
};

// The names of a list of signed headers, empty ones too.
[[nodiscard]] std::vector<std::string_view> names_of(std::string_view signed_headers);

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
