// An HTTP client for services of AWS and those that speak like them: requests are signed with
// Signature Version 4. By libcurl.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::buckets {

struct ServiceAccess {
  std::string access_key_id;  // empty: requests are not signed
  std::string secret_access_key;
  std::string session_token = {};  // of temporary keys; empty: none
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds timeout{30'000};  // of a whole request, answer included
};

struct ServiceRequest {
  std::string method = "POST";
  std::string url;
  std::string service;  // "sqs"
  std::string region;
  std::vector<std::pair<std::string, std::string>> headers;  // without line breaks
  ByteView body;
  // Of the answer's body; more is read and dropped, unless it is more than 16 MiB, too.
  size_t answer_bytes_max = size_t{64} << 10;
};

struct ServiceAnswer {
  int status = 0;
  Bytes body;              // the first answer_bytes_max
  bool truncated = false;  // there was more
  // Lower-case names.
  std::vector<std::pair<std::string, std::string>> headers = {};
};

// One connection, kept alive. For one thread at a time, but for stop().
class SignedClient {
 public:
  explicit SignedClient(ServiceAccess access);
  SignedClient(const SignedClient&) = delete;
  SignedClient& operator=(const SignedClient&) = delete;
  ~SignedClient();

  // The URL must be encoded as the signature wants it, parameters in the order of their names.
  // ServiceException when there is no answer, or one with another status than 2xx: the message has
  // the status and the begin of the body.
  [[nodiscard]] Result<ServiceAnswer> send(const ServiceRequest& request);
  // Any thread: the request under way and all later ones fail, within about a second.
  void stop() { stopped_ = true; }

 private:
  struct Curl;

  const ServiceAccess access_;
  std::atomic<bool> stopped_ = false;
  std::unique_ptr<Curl> curl_;
};

}  // namespace millrace::buckets
