#pragma once

#include <string>
#include <string_view>

#include "auth/sigv4.h"
#include "base/clock.h"
#include "cli/bench/endpoint.h"
#include "cli/bench/exchange.h"
#include "http/handler.h"

namespace millrace::cli::bench {

// Makes signed HTTP requests of calls to DynamoDB. `clock` must outlive it. For one thread.
class CallSigner {
 public:
  CallSigner(std::string host, auth::SigningCredentials credentials, std::string region,
             const Clock& clock);

  // As it is sent, into `out`, whose old content goes.
  void write(const Call& call, std::string& out);
  // For http::Client, which adds Content-Length.
  [[nodiscard]] http::Request request(const Call& call);

 private:
  auth::SignatureHeaders sign(const Call& call);

  std::string host_;
  auth::Signer signer_;
  const Clock& clock_;
  std::string target_;  // of the latest call
};

// From AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. Without them made-up ones,
// as a server in open mode accepts any.
[[nodiscard]] auth::SigningCredentials credentials_of_environment();

}  // namespace millrace::cli::bench
