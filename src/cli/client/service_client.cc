#include "cli/client/service_client.h"

#include <array>

#include <fmt/format.h>

#include "cli/client/query_answer.h"

namespace millrace::cli {

namespace {

// IAM's endpoint is the same for all regions, and is there.
constexpr std::string_view kGlobalRegion = "us-east-1";

// That are not in the catalogue.
constexpr auto kSlowDown = std::to_array<std::string_view>({"Throttling", "RequestLimitExceeded"});

std::optional<ErrorCode> code_of_name(std::string_view name) {
#define MILLRACE_ERROR_OF_NAME(row_name, prefix, status) \
  if (name == #row_name) return ErrorCode::k##row_name;
  MILLRACE_ERROR_CATALOGUE(MILLRACE_ERROR_OF_NAME)
#undef MILLRACE_ERROR_OF_NAME
  if (name == "AccessDenied") return ErrorCode::kAccessDeniedException;  // of IAM
  return std::nullopt;
}

ErrorCode code_of(std::string_view name, int http_status) {
  if (auto code = code_of_name(name)) return *code;
  if (std::ranges::find(kSlowDown, name) != kSlowDown.end() || http_status == 429) {
    return ErrorCode::kProvisionedThroughputExceededException;
  }
  return http_status >= 500 ? ErrorCode::kServiceUnavailableException
                            : ErrorCode::kValidationException;
}

std::string text_member(const Result<json::Document>& body,
                        std::initializer_list<std::string_view> names) {
  json::Object object;
  if (!body.ok() || body->root().get(object) != simdjson::SUCCESS) return {};
  for (const std::string_view name : names) {
    std::string_view text;
    if (object.at_key(name).get(text) == simdjson::SUCCESS) return std::string(text);
  }
  return {};
}

// "com.amazonaws#Name" of a body, "Name:http://…" of a header.
std::string error_name_of(std::string_view type) {
  type.remove_prefix(type.find('#') == std::string_view::npos ? 0 : type.find('#') + 1);
  return std::string(type.substr(0, type.find(':')));
}

Error error_of(std::string_view operation, const http::Response& response) {
  const auto body = json::Document::parse(response.body);
  std::string name = error_name_of(response.header("x-amzn-ErrorType"));
  if (name.empty()) name = error_name_of(text_member(body, {"__type", "code"}));
  const std::string message = text_member(body, {"message", "Message"});
  const ErrorCode code = code_of(name, response.status);
  if (name.empty()) name = fmt::format("HTTP {}", response.status);
  return {code, fmt::format("{}: {}{}{}", operation, name, message.empty() ? "" : ": ", message)};
}

Error query_error_of(std::string_view operation, const http::Response& response) {
  const auto error = parse_query_error(response.body);
  if (!error) {
    return {response.status >= 500 ? ErrorCode::kServiceUnavailableException
                                   : ErrorCode::kUnknownOperationException,
            fmt::format("{}: the server does not answer as IAM does (HTTP {})", operation,
                        response.status)};
  }
  return {code_of(error->code, response.status),
          fmt::format("{}: {}{}{}", operation, error->code, error->message.empty() ? "" : ": ",
                      error->message)};
}

Result<json::Document> object_of(std::string_view operation, const http::Response& response) {
  // Operations without an output, such as TagResource, answer nothing.
  auto document = json::Document::parse(response.body.empty() ? "{}" : response.body);
  if (!document.ok() || !document->root().is_object()) {
    return Error{ErrorCode::kServiceUnavailableException,
                 fmt::format("{}: the answer is not a JSON object", operation)};
  }
  return document;
}

}  // namespace

ServiceClient::Channel ServiceClient::open(const ServiceUrl& url, const Connection& connection,
                                           const Clock& clock, std::string_view service,
                                           std::chrono::milliseconds timeout, int stop_descriptor) {
  std::string region = service == "iam" ? std::string(kGlobalRegion) : connection.region;
  return {
      CallSigner(url.authority, connection.credentials, std::move(region), clock, service),
      http::Client(url.host, url.port, timeout, stop_descriptor,
                   url.tls ? connection.tls : nullptr),
  };
}

ServiceClient::ServiceClient(const Connection& connection, const Clock& clock,
                             std::chrono::milliseconds timeout, int stop_descriptor)
    : dynamodb_(open(connection.dynamodb, connection, clock, "dynamodb", timeout, stop_descriptor)),
      streams_(open(connection.streams, connection, clock, "dynamodb", timeout, stop_descriptor)),
      lambda_(open(connection.lambda, connection, clock, "lambda", timeout, stop_descriptor)),
      logs_(open(connection.logs, connection, clock, "logs", timeout, stop_descriptor)),
      cloudtrail_(
          open(connection.cloudtrail, connection, clock, "cloudtrail", timeout, stop_descriptor)),
      iam_(open(connection.iam, connection, clock, "iam", timeout, stop_descriptor)) {}

ServiceClient::Channel& ServiceClient::channel_of(const Call& call) {
  if (call.target_prefix == kLogsPrefix) return logs_;
  if (call.target_prefix == kCloudTrailPrefix) return cloudtrail_;
  return call.target_prefix == kStreamsPrefix ? streams_ : dynamodb_;
}

Result<json::Document> ServiceClient::call(const Call& call,
                                           std::optional<std::chrono::milliseconds> wait) {
  Channel& channel = channel_of(call);
  http::Request request = channel.signer.request(call);
  if (wait) request.headers.push_back({"x-millrace-wait-ms", std::to_string(wait->count())});
  const http::Response response = TRY(channel.client.send(request));
  if (response.status != 200) return error_of(call.operation, response);
  return object_of(call.operation, response);
}

Result<json::Document> ServiceClient::call_rest(const RestCall& call) {
  return object_of(call.operation, TRY(send(call)));
}

Result<http::Response> ServiceClient::send(const RestCall& call) {
  http::Response response = TRY(lambda_.client.send(lambda_.signer.request(call)));
  if (response.status / 100 != 2) return error_of(call.operation, response);
  return response;
}

Result<json::Document> ServiceClient::call_query(const QueryCall& call) {
  const http::Response response = TRY(iam_.client.send(iam_.signer.request(call)));
  if (response.status != 200) return query_error_of(call.operation, response);
  return json::Document::parse(TRY(query_answer_json(call.operation, response.body)));
}

bool is_transient(const Error& error) {
  switch (error.code) {
    case ErrorCode::kProvisionedThroughputExceededException:
    case ErrorCode::kThrottlingException:
    case ErrorCode::kLimitExceededException:
    case ErrorCode::kServiceUnavailableException:
    case ErrorCode::kInternalServerError:
    case ErrorCode::kInternalFailure:
    case ErrorCode::kServiceException:
    case ErrorCode::kTooManyRequestsException:
      return true;
    default:
      return false;
  }
}

}  // namespace millrace::cli
