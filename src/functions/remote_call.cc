#include "functions/remote_call.h"

#include <algorithm>

#include "auth/uri.h"
#include "base/check.h"
#include "functions/invocation_report.h"
#include "functions/runtime_api.h"
#include "json/base64.h"
#include "json/document.h"

namespace millrace::functions {
namespace {

constexpr int64_t kConnectMilliseconds = 5'000;
// Above the function's own timeout: for the way, and the start of an instance there.
constexpr int64_t kExtraMilliseconds = 15'000;

size_t on_body(const char* bytes, size_t one, size_t count, void* user) {
  RemoteCall& call = *static_cast<RemoteCall*>(user);
  const size_t size = one * count;
  if (call.body.size() + size > kResponseBytesMax) {
    call.too_large = true;
    return 0;
  }
  call.body.append(bytes, size);
  return size;
}

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return std::tolower(a) == std::tolower(b); });
}

size_t on_header(const char* bytes, size_t one, size_t count, void* user) {
  RemoteCall& call = *static_cast<RemoteCall*>(user);
  const std::string_view line(bytes, one * count);
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  const std::string_view name = line.substr(0, colon);
  const std::string value(trimmed(line.substr(colon + 1)));
  if (equals_ignoring_case(name, "X-Amz-Function-Error")) call.function_error = value;
  if (equals_ignoring_case(name, "X-Amz-Executed-Version")) call.executed_version = value;
  if (equals_ignoring_case(name, "X-Amz-Log-Result")) call.log_result = value;
  if (equals_ignoring_case(name, "x-amzn-RequestId")) call.request_id = value;
  return line.size();
}

std::string url_of(const FunctionVersion& version, const std::string& endpoint,
                   const InvokeRequest& request) {
  std::string url = endpoint;
  while (url.ends_with('/')) url.pop_back();
  url += "/2015-03-31/functions/";
  auth::append_uri_encoded(url, version.name);
  url += "/invocations";
  std::string qualifier = request.qualifier;
  if (qualifier.empty() && version.version != "$LATEST") qualifier = version.version;
  if (!qualifier.empty()) {
    url += "?Qualifier=";
    auth::append_uri_encoded(url, qualifier);
  }
  return url;
}

template <typename Value>
void set(CURL* curl, CURLoption option, Value value) {
  MILLRACE_CHECK(curl_easy_setopt(curl, option, value) == CURLE_OK);
}

// The message of an error of the API, whichever way it is written.
std::string message_of(const Bytes& body) {
  const auto document = json::Document::parse(body);
  if (!document.ok()) return {};
  json::Object object;
  if (document->root().get(object) != simdjson::SUCCESS) return {};
  for (const char* name : {"message", "Message", "errorMessage"}) {
    const auto member = json::member(object, name);
    if (member && member->is_string()) return std::string(std::string_view(*member));
  }
  return {};
}

Error error_of(long status, const std::string& function, const Bytes& body) {
  std::string message = message_of(body);
  if (status == 429) {
    return {ErrorCode::kTooManyRequestsException, message.empty() ? "Rate Exceeded." : message};
  }
  if (message.empty()) {
    message = "The endpoint of function " + function + " answered with status " +
              std::to_string(status) + ".";
  }
  if (status == 404) return {ErrorCode::kResourceNotFoundException, std::move(message)};
  if (status == 413) return {ErrorCode::kRequestTooLargeException, std::move(message)};
  if (status == 400) return {ErrorCode::kInvalidRequestContentException, std::move(message)};
  return {ErrorCode::kServiceException, std::move(message)};
}

}  // namespace

RemoteCall::RemoteCall(const FunctionVersion& version, const std::string& endpoint,
                       const FunctionSettings& settings, InvokeRequest invoke_request,
                       InvokeDone invoke_done)
    : curl(curl_easy_init()),
      request(std::move(invoke_request)),
      done(std::move(invoke_done)),
      timeout_seconds(version.timeout_seconds),
      function(version.name) {
  MILLRACE_CHECK(curl != nullptr);
  const auth::SigningCredentials& credentials = settings.credentials;
  headers = curl_slist_append(headers, "Content-Type: application/json");
  headers = curl_slist_append(headers, "X-Amz-Invocation-Type: RequestResponse");
  if (request.wants_log_tail) headers = curl_slist_append(headers, "X-Amz-Log-Type: Tail");
  if (!request.client_context.empty()) {
    headers =
        curl_slist_append(headers, ("X-Amz-Client-Context: " + request.client_context).c_str());
  }
  if (!credentials.session_token.empty()) {
    headers =
        curl_slist_append(headers, ("X-Amz-Security-Token: " + credentials.session_token).c_str());
  }
  set(curl, CURLOPT_URL, url_of(version, endpoint, request).c_str());
  set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  set(curl, CURLOPT_NOSIGNAL, 1L);
  set(curl, CURLOPT_POST, 1L);
  set(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.payload.size()));
  set(curl, CURLOPT_POSTFIELDS, request.payload.data());
  set(curl, CURLOPT_HTTPHEADER, headers);
  set(curl, CURLOPT_AWS_SIGV4, ("aws:amz:" + settings.region + ":lambda").c_str());
  set(curl, CURLOPT_USERNAME, credentials.access_key_id.c_str());
  set(curl, CURLOPT_PASSWORD, credentials.secret_access_key.c_str());
  set(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(kConnectMilliseconds));
  set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_seconds * 1000 + kExtraMilliseconds));
  set(curl, CURLOPT_WRITEFUNCTION, &on_body);
  set(curl, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(curl, CURLOPT_HEADERFUNCTION, &on_header);
  set(curl, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(curl, CURLOPT_PRIVATE, static_cast<void*>(this));
}

RemoteCall::~RemoteCall() {
  curl_easy_cleanup(curl);
  curl_slist_free_all(headers);
}

Result<InvokeAnswer> RemoteCall::answer(CURLcode code) const {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK && (status < 200 || status > 299)) return error_of(status, function, body);
  InvokeAnswer made = {.payload = body,
                       .function_error = function_error,
                       .log_tail = {},
                       .executed_version = executed_version.empty() ? "$LATEST" : executed_version,
                       .request_id = request_id};
  if (code == CURLE_OK) {
    if (auto tail = json::base64_decode(log_result)) made.log_tail = std::move(*tail);
    return made;
  }
  if (too_large) {
    Outcome outcome = response_too_large(body.size());
    made.payload = std::move(outcome.payload);
    made.function_error = std::move(outcome.function_error);
    return made;
  }
  curl_off_t connected_microseconds = 0;
  curl_easy_getinfo(curl, CURLINFO_CONNECT_TIME_T, &connected_microseconds);
  if (code == CURLE_OPERATION_TIMEDOUT && connected_microseconds > 0) {
    // It may well have run.
    Outcome outcome = timed_out(request_id, timeout_seconds, 0);
    made.payload = std::move(outcome.payload);
    made.function_error = std::move(outcome.function_error);
    return made;
  }
  return Error{ErrorCode::kServiceException, "The endpoint of function " + function +
                                                 " cannot be reached: " + curl_easy_strerror(code) +
                                                 "."};
}

}  // namespace millrace::functions
