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
};

struct ServiceAnswer {
  int status = 0;
  Bytes body;  // the first 64 KiB
};

// One connection, kept alive. For one thread at a time, but for stop().
class SignedClient {
 public:
  explicit SignedClient(ServiceAccess access);
  SignedClient(const SignedClient&) = delete;
  SignedClient& operator=(const SignedClient&) = delete;
  ~SignedClient();

  // ServiceException when there is no answer, or one with another status than 2xx.
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
