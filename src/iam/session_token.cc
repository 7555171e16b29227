#include "iam/session_token.h"

#include "json/base64.h"

namespace millrace::iam {
namespace {

constexpr std::string_view kPurpose = "session token";
constexpr uint8_t kVersion = 1;
// More than any that is made: with the longest policies and tags.
constexpr size_t kTokenSizeMax = 32 * 1024;

void append_texts(Bytes& out, const std::vector<std::string>& texts) {
  append_varint(out, texts.size());
  for (const std::string& text : texts) append_sized(out, text);
}

// Remembers whether anything was missing.
class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}
  [[nodiscard]] bool complete() const { return ok_ && rest_.empty(); }

  uint8_t byte() { return take(rest_.read_u8()); }
  int64_t number() { return static_cast<int64_t>(take(rest_.read_u64())); }
  std::string text() { return std::string(take(rest_.read_sized())); }
  std::vector<std::string> texts() {
    std::vector<std::string> read;
    for (uint64_t count = take(rest_.read_varint()); ok_ && count > 0; --count) {
      read.push_back(text());
    }
    return read;
  }

 private:
  template <typename T>
  T take(std::optional<T> value) {
    ok_ = ok_ && value.has_value();
    return value.value_or(T{});
  }

  ByteReader rest_;
  bool ok_ = true;
};

}  // namespace

std::string write_session_token(const SessionContent& content, const SecretBox& box) {
  Bytes out(1, static_cast<char>(kVersion));
  out += static_cast<char>(content.type);
  for (const std::string* text : {&content.access_key_id, &content.secret_access_key,
                                  &content.issuer_arn, &content.issuer_id, &content.session_name}) {
    append_sized(out, *text);
  }
  append_u64(out, static_cast<uint64_t>(content.began_seconds));
  append_u64(out, static_cast<uint64_t>(content.expires_seconds));
  append_texts(out, content.policies_json);
  append_texts(out, content.policy_arns);
  std::vector<std::string> tags;
  for (const auto& [key, value] : content.tags) {
    tags.push_back(key);
    tags.push_back(value);
  }
  append_texts(out, tags);
  return json::base64_encode(box.seal(out, kPurpose));
}

std::optional<SessionContent> read_session_token(std::string_view token, const SecretBox& box) {
  if (token.size() > kTokenSizeMax) return std::nullopt;
  const auto sealed = json::base64_decode(token);
  if (!sealed) return std::nullopt;
  const auto opened = box.open_sealed(*sealed, kPurpose);
  if (!opened) return std::nullopt;
  Reader reader(*opened);
  SessionContent content;
  if (reader.byte() != kVersion) return std::nullopt;
  content.type = static_cast<auth::PrincipalType>(reader.byte());
  for (std::string* text : {&content.access_key_id, &content.secret_access_key, &content.issuer_arn,
                            &content.issuer_id, &content.session_name}) {
    *text = reader.text();
  }
  content.began_seconds = reader.number();
  content.expires_seconds = reader.number();
  content.policies_json = reader.texts();
  content.policy_arns = reader.texts();
  const std::vector<std::string> tags = reader.texts();
  for (size_t i = 0; i + 1 < tags.size(); i += 2) content.tags[tags[i]] = tags[i + 1];
  if (!reader.complete() || tags.size() % 2 != 0) return std::nullopt;
  return content;
}

}  // namespace millrace::iam
