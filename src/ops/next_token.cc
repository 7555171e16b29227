#include "ops/next_token.h"

#include "auth/token_signature.h"
#include "json/base64.h"
#include "model/item_encoding.h"

namespace millrace::ops {
namespace {

constexpr std::string_view kPurpose = "partiql-next-token-1";
// What the token is for is signed with what it says.
Bytes signed_message(ByteView request, ByteView payload) {
  Bytes message;
  append_sized(message, kPurpose);
  append_sized(message, request);
  message += payload;
  return message;
}

Error no_match() {
  return validation_error("NextToken does not match request");
}

}  // namespace

std::string write_next_token(ByteView request, const Item& last_key, ByteView secret) {
  const Bytes payload = encode_item(last_key);
  return json::base64_encode(auth::sign_token(signed_message(request, payload), secret) + payload);
}

Result<Item> read_next_token(std::string_view token, ByteView request, ByteView secret) {
  const auto decoded = json::base64_decode(token);
  if (!decoded || decoded->size() < auth::kTokenSignatureBytes) return no_match();
  const ByteView signature = ByteView(*decoded).substr(0, auth::kTokenSignatureBytes);
  const ByteView payload = ByteView(*decoded).substr(auth::kTokenSignatureBytes);
  if (!auth::is_signed(signed_message(request, payload), signature, secret)) return no_match();
  auto last_key = decode_item(payload);
  if (!last_key) return no_match();
  return std::move(*last_key);
}

}  // namespace millrace::ops
