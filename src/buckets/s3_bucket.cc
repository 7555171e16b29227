#include "buckets/s3_bucket.h"

#include <algorithm>

#include <fmt/format.h>

#include "auth/digest.h"
#include "auth/uri.h"
#include "buckets/names.h"
#include "buckets/object_list.h"

namespace millrace::buckets {
namespace {

constexpr std::string_view kMetadataHeader = "x-amz-meta-";
// Of one page: a thousand names of a kilobyte, each byte of which may take three, and more.
constexpr size_t kPageBytesMax = size_t{8} << 20;
constexpr size_t kPagesMax = 100'000;

std::string hash_of(ByteView content) {
  std::string digest;
  auth::append_hex(digest, auth::sha256(content));
  return digest;
}

}  // namespace

S3Bucket::S3Bucket(std::string endpoint, std::string region, std::string name,
                   std::shared_ptr<SignedClient> client)
    : url_(std::move(endpoint) + "/" + std::move(name) + "/"),
      region_(std::move(region)),
      client_(std::move(client)) {}

Status S3Bucket::put(const Object& object) {
  TRY(check_object_name(object.name));
  ServiceRequest request{.method = "PUT",
                         .url = url_,
                         .service = "s3",
                         .region = region_,
                         .headers = {{"Content-Type", object.content_type}},
                         .body = object.content};
  auth::append_uri_encoded(request.url, object.name, true);
  // The service wants to see what of the content is signed.
  request.headers.emplace_back("x-amz-content-sha256", hash_of(object.content));
  if (!object.content_encoding.empty()) {
    request.headers.emplace_back("Content-Encoding", object.content_encoding);
  }
  if (!object.kms_key_id.empty()) {
    request.headers.emplace_back("x-amz-server-side-encryption", "aws:kms");
    request.headers.emplace_back("x-amz-server-side-encryption-aws-kms-key-id", object.kms_key_id);
  }
  for (const auto& [name, value] : object.metadata) {
    request.headers.emplace_back(std::string(kMetadataHeader) + name, value);
  }
  TRY(client_->send(request));
  return Done{};
}

Result<ServiceAnswer> S3Bucket::fetch(const std::string& path, size_t bytes_max) {
  const std::string url = url_ + path;
  auto answer = TRY(client_->send({.method = "GET",
                                   .url = url,
                                   .service = "s3",
                                   .region = region_,
                                   .headers = {{"x-amz-content-sha256", hash_of({})}},
                                   .body = {},
                                   .answer_bytes_max = bytes_max}));
  if (!answer.truncated) return answer;
  return Error{ErrorCode::kServiceException,
               fmt::format("GET {}: more than {} bytes", url, bytes_max)};
}

Result<std::optional<StoredObject>> S3Bucket::get(const std::string& name) {
  TRY(check_object_name(name));
  std::string path;
  auth::append_uri_encoded(path, name, true);
  auto answer = fetch(path, kObjectBytesMax);
  if (!answer && s3_error_code(answer.error()) == "NoSuchKey") return std::optional<StoredObject>();
  if (!answer) return answer.error();
  StoredObject object{.content = std::move(answer->body)};
  for (const auto& [header, value] : answer->headers) {
    if (!header.starts_with(kMetadataHeader)) continue;
    object.metadata.emplace(header.substr(kMetadataHeader.size()), value);
  }
  return std::optional(std::move(object));
}

Result<std::vector<std::string>> S3Bucket::list(const std::string& prefix) {
  std::vector<std::string> names;
  std::string token;
  for (size_t page = 0; page < kPagesMax; ++page) {
    // Encoded, since XML cannot have every name.
    std::string query = "?";
    if (!token.empty()) {
      query += "continuation-token=";
      auth::append_uri_encoded(query, token);
      query += "&";
    }
    query += "encoding-type=url&list-type=2&prefix=";
    auth::append_uri_encoded(query, prefix);
    const auto answer = TRY(fetch(query, kPageBytesMax));
    auto read = TRY(parse_object_list(answer.body));
    std::ranges::move(read.names, std::back_inserter(names));
    if (read.next_token.empty()) {
      std::ranges::sort(names);
      return names;
    }
    token = std::move(read.next_token);
  }
  return Error{ErrorCode::kServiceException, "GET " + url_ + ": the list of objects has no end"};
}

std::string s3_error_code(const Error& error) {
  constexpr std::string_view kBegin = "<Code>";
  const size_t begin = error.message.find(kBegin);
  const size_t end = error.message.find("</Code>", begin);
  if (begin == std::string::npos || end == std::string::npos) return {};
  return error.message.substr(begin + kBegin.size(), end - begin - kBegin.size());
}

}  // namespace millrace::buckets
