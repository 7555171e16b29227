// Which server a client subcommand calls, and as whom: found as the AWS CLI finds it.
#pragma once

#include <optional>
#include <string>

#include "auth/sigv4.h"
#include "base/result.h"
#include "cli/client/environment.h"
#include "cli/client/service_url.h"
#include "http/tls_context.h"

namespace millrace::cli {

struct ConnectionFlags {
  std::optional<std::string> endpoint_url;
  std::optional<std::string> profile;
  std::optional<std::string> region;
  std::optional<std::string> ca_bundle;
};

struct Connection {
  ServiceUrl dynamodb;
  ServiceUrl streams;      // of DynamoDB Streams
  ServiceUrl lambda = {};  // of Lambda
  ServiceUrl logs = {};    // of CloudWatch Logs
  ServiceUrl cloudtrail = {};
  ServiceUrl iam = {};
  auth::SigningCredentials credentials;
  std::string region;
  http::TlsContextPointer tls = nullptr;  // nullptr when no URL is https
};

// Of the endpoint of a service the first counts that is set: the flag; AWS_ENDPOINT_URL_DYNAMODB or
// AWS_ENDPOINT_URL_DYNAMODB_STREAMS (…_LAMBDA, …_CLOUDWATCH_LOGS, …_CLOUDTRAIL, …_IAM);
// AWS_ENDPOINT_URL; the profile's `services`; its `endpoint_url`. Where the AWS CLI would then turn
// to AWS, it is that of DynamoDB or of DynamoDB Streams, since one server serves all, and else
// http://127.0.0.1:8000. AWS_IGNORE_CONFIGURED_ENDPOINT_URLS leaves only the flag.
//
// Credentials: of the environment, unless the profile is named by the flag; of the credentials
// file; of the config file; else made-up ones. Region: flag, AWS_REGION, AWS_DEFAULT_REGION,
// profile, us-east-1. Certificates of servers are verified by the file of the flag, of
// AWS_CA_BUNDLE, of the profile's `ca_bundle`, else by those of the system.
//
// InvalidConfiguration for what cannot be used, such as credentials without their secret, or those
// of a profile that gets them from elsewhere (a role, SSO, a process).
[[nodiscard]] Result<Connection> find_connection(const ConnectionFlags& flags,
                                                 const Environment& environment);

}  // namespace millrace::cli
