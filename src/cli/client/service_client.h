// Calls the server and reads its answers.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"
#include "cli/client/call_signer.h"
#include "cli/client/connection.h"
#include "http/client.h"
#include "json/document.h"

namespace millrace::cli {

// For one thread at a time; keeps a connection for each service.
class ServiceClient {
 public:
  // `timeout` is for one call. Something to read from `stop_descriptor` (see http::Client) ends the
  // call that waits. `connection` and `clock` must outlive the client.
  ServiceClient(const Connection& connection, const Clock& clock,
                std::chrono::milliseconds timeout = std::chrono::seconds(60),
                int stop_descriptor = -1);

  // `wait` asks to answer only once there is something to tell, or after so long; a server may not
  // know that. The message of an error names the operation and the service's error. Errors that the
  // catalogue does not have become ProvisionedThroughputExceededException when they ask to slow
  // down, and else ServiceUnavailableException or ValidationException by their HTTP status.
  Result<json::Document> call(const Call& call,
                              std::optional<std::chrono::milliseconds> wait = std::nullopt);
  Result<json::Document> call_rest(const RestCall& call);
  // As it came, whose body need not be a JSON object; errors as above.
  Result<http::Response> send(const RestCall& call);
  // The answer's result as it would be in JSON (query_answer.h); errors as above. Of a server that
  // does not know the protocol UnknownOperationException.
  Result<json::Document> call_query(const QueryCall& call);

 private:
  struct Channel {
    CallSigner signer;
    http::Client client;
  };
  [[nodiscard]] static Channel open(const ServiceUrl& url, const Connection& connection,
                                    const Clock& clock, std::string_view service,
                                    std::chrono::milliseconds timeout, int stop_descriptor);
  [[nodiscard]] Channel& channel_of(const Call& call);

  Channel dynamodb_;
  Channel streams_;
  Channel lambda_;
  Channel logs_;
  Channel cloudtrail_;
  Channel iam_;
};

// Whether the same call may succeed later: throttled, or the server cannot be reached or failed.
[[nodiscard]] bool is_transient(const Error& error);

}  // namespace millrace::cli
