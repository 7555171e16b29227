#include "buckets/signed_client.h"

#include <algorithm>

#include <curl/curl.h>
#include <fmt/format.h>

#include "auth/digest.h"
#include "base/check.h"

namespace millrace::buckets {
namespace {

constexpr size_t kHeadersMax = 200;
constexpr size_t kAnswerMax = 16 * 1024 * 1024;
constexpr size_t kAnswerShown = 300;

struct Received {
  size_t kept_max = 0;
  Bytes kept = {};
  size_t total = 0;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

size_t receive(char* data, size_t, size_t count, void* to) {
  auto& received = *static_cast<Received*>(to);
  received.total += count;
  if (received.total > std::max(kAnswerMax, received.kept_max)) return 0;
  received.kept.append(data, std::min(count, received.kept_max - received.kept.size()));
  return count;
}

// "Name: value\r\n", or the line of the status, with which the headers begin again.
size_t receive_header(char* data, size_t, size_t count, void* to) {
  auto& received = *static_cast<Received*>(to);
  const std::string_view line(data, count);
  if (line.starts_with("HTTP/")) received.headers.clear();
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || received.headers.size() == kHeadersMax) return count;
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::string_view value = line.substr(colon + 1);
  const size_t first = value.find_first_not_of(" \t\r\n");
  value.remove_prefix(std::min(first, value.size()));
  value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
  received.headers.emplace_back(std::move(name), value);
  return count;
}

int check_stopped(void* stopped, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return *static_cast<const std::atomic<bool>*>(stopped) ? 1 : 0;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

void append(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  MILLRACE_CHECK(longer != nullptr);
  // It begins with the same element unless that is the first.
  static_cast<void>(list.release());
  list.reset(longer);
}

HeaderList header_list(const ServiceRequest& request) {
  HeaderList list;
  for (const auto& [name, value] : request.headers) append(list, name + ": " + value);
  // Nothing waits for the server's consent to a large body.
  append(list, "Expect:");
  return list;
}

struct UrlParts {
  std::string_view authority;
  std::string_view target;  // path and parameters
};

UrlParts split_url(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const size_t path = url.find('/');
  if (path == std::string_view::npos) return {url, "/"};
  return {url.substr(0, path), url.substr(path)};
}

Error unanswered(const ServiceRequest& request, std::string_view why) {
  return {ErrorCode::kServiceException, fmt::format("{} {}: {}", request.method, request.url, why)};
}

}  // namespace

struct SignedClient::Curl {
  Curl() : handle(curl_easy_init()) { MILLRACE_CHECK(handle != nullptr); }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;
  ~Curl() { curl_easy_cleanup(handle); }

  template <typename Value>
  void set(CURLoption option, Value value) {
    MILLRACE_CHECK(curl_easy_setopt(handle, option, value) == CURLE_OK);
  }

  CURL* handle;
};

SignedClient::SignedClient(ServiceAccess access) : access_(std::move(access)) {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  MILLRACE_CHECK(initialized == CURLE_OK);
  curl_ = std::make_unique<Curl>();
}

SignedClient::~SignedClient() = default;

auth::SignatureHeaders SignedClient::sign(const ServiceRequest& request) {
  auto signer = signers_.find({request.region, request.service});
  if (signer == signers_.end()) {
    auth::SigningCredentials credentials{access_.access_key_id, access_.secret_access_key,
                                         access_.session_token};
    signer = signers_
                 .emplace(std::pair(request.region, request.service),
                          auth::Signer(std::move(credentials), request.region, request.service))
                 .first;
  }
  const auto [authority, target] = split_url(request.url);
  std::vector<auth::HeaderView> headers = {{"host", authority}};
  for (const auto& [name, value] : request.headers) headers.push_back({name, value});
  return signer->second.sign({.method = request.method,
                              .target = target,
                              .headers = headers,
                              .payload = request.body,
                              .signs_path_as_sent = request.service == "s3"},
                             clock_.now_milliseconds() / 1000);
}

Result<ServiceAnswer> SignedClient::send(const ServiceRequest& request) {
  Received received{.kept_max = request.answer_bytes_max};
  HeaderList headers = header_list(request);
  if (!access_.access_key_id.empty()) {
    const auth::SignatureHeaders signature = sign(request);
    append(headers, "Host: " + std::string(split_url(request.url).authority));
    append(headers, "X-Amz-Date: " + signature.amz_date);
    append(headers, "Authorization: " + signature.authorization);
    if (!signature.session_token.empty()) {
      append(headers, "X-Amz-Security-Token: " + signature.session_token);
    }
  }
  // Keeps the connection.
  curl_easy_reset(curl_->handle);
  curl_->set(CURLOPT_URL, request.url.c_str());
  curl_->set(CURLOPT_PROTOCOLS_STR, "http,https");
  if (request.method == "GET") {
    curl_->set(CURLOPT_HTTPGET, 1L);
  } else {
    curl_->set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_->set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_->set(CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_->set(CURLOPT_HTTPHEADER, headers.get());
  curl_->set(CURLOPT_USERAGENT, "millrace");
  curl_->set(CURLOPT_NOSIGNAL, 1L);
  curl_->set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(access_.connect_timeout.count()));
  curl_->set(CURLOPT_TIMEOUT_MS, static_cast<long>(access_.timeout.count()));
  curl_->set(CURLOPT_WRITEFUNCTION, receive);
  curl_->set(CURLOPT_WRITEDATA, &received);
  curl_->set(CURLOPT_HEADERFUNCTION, receive_header);
  curl_->set(CURLOPT_HEADERDATA, &received);
  curl_->set(CURLOPT_NOPROGRESS, 0L);
  curl_->set(CURLOPT_XFERINFOFUNCTION, check_stopped);
  curl_->set(CURLOPT_XFERINFODATA, &stopped_);
  const CURLcode code = curl_easy_perform(curl_->handle);
  if (code != CURLE_OK) return unanswered(request, curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl_->handle, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status > 299) {
    return unanswered(request,
                      fmt::format("status {}: {}", status, received.kept.substr(0, kAnswerShown)));
  }
  return ServiceAnswer{.status = static_cast<int>(status),
                       .body = std::move(received.kept),
                       .truncated = received.total > request.answer_bytes_max,
                       .headers = std::move(received.headers)};
}

}  // namespace millrace::buckets
