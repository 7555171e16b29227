#pragma once

#include <string>
#include <string_view>

#include "auth/sigv4.h"
#include "base/clock.h"
#include "cli/client/call.h"
#include "http/handler.h"

namespace millrace::cli {

// Makes signed HTTP requests of calls to the service of that signing name. `clock` must outlive it.
// For one thread.
class CallSigner {
 public:
  CallSigner(std::string host, auth::SigningCredentials credentials, std::string region,
             const Clock& clock, std::string_view service = "dynamodb");

  // As it is sent, into `out`, whose old content goes.
  void write(const Call& call, std::string& out);
  // For http::Client, which adds Content-Length.
  [[nodiscard]] http::Request request(const Call& call);
  [[nodiscard]] http::Request request(const RestCall& call);
  [[nodiscard]] http::Request request(const QueryCall& call);

 private:
  auth::SignatureHeaders sign(const Call& call);

  std::string host_;
  std::string content_type_;
  auth::Signer signer_;
  const Clock& clock_;
  std::string target_;  // of the latest call
};

}  // namespace millrace::cli
