// An HTTP client for services of AWS and those that speak like them, by libcurl. Requests are
// signed with Signature Version 4, not by libcurl: before 8.0 it sorts headers wrongly when the
// name of one begins with that of another, as with encryption by AWS KMS.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "auth/sigv4.h"
#include "base/bytes.h"
#include "base/clock.h"
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

  // The path and parameters of the URL must be encoded. ServiceException when there is no answer,
  // or one with another status than 2xx: the message has the status and the begin of the body.
  [[nodiscard]] Result<ServiceAnswer> send(const ServiceRequest& request);
  // Any thread: the request under way and all later ones fail, within about a second.
  void stop() { stopped_ = true; }

 private:
  struct Curl;

  [[nodiscard]] auth::SignatureHeaders sign(const ServiceRequest& request);

  const ServiceAccess access_;
  const SystemClock clock_;
  // By region and service.
  std::map<std::pair<std::string, std::string>, auth::Signer> signers_;
  std::atomic<bool> stopped_ = false;
  std::unique_ptr<Curl> curl_;
};

}  // namespace millrace::buckets
