#include "wire/front_end.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/log.h"
#include "wire/error_response.h"
#include "wire/request_id.h"
#include "wire/request_principal.h"
#include "wire/request_record.h"

namespace millrace::wire {
namespace {

constexpr std::string_view kJson10 = "application/x-amz-json-1.0";
constexpr std::string_view kJson11 = "application/x-amz-json-1.1";

std::string_view path_of(const http::Request& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

// The version of the JSON protocol that the request speaks.
std::string_view content_type_of(const http::Request& request) {
  return request.header("content-type").starts_with(kJson11) ? kJson11 : kJson10;
}

http::Response text_response(int status, std::string body) {
  return {status, {{"Content-Type", "text/plain"}}, std::move(body)};
}

http::Response json_response(int status, std::string_view content_type, std::string request_id,
                             std::string body) {
  http::Response response{
      status,
      {{"x-amzn-RequestId", std::move(request_id)}, {"Content-Type", std::string(content_type)}},
      std::move(body)};
  response.checksum = true;
  return response;
}

http::Response error_response(const Error& error, bool plain_type, std::string_view content_type,
                              std::string request_id) {
  if (error.code == ErrorCode::kInternalServerError) {
    log::error("internal error", {{"request_id", request_id}, {"reason", error.message}});
  }
  return json_response(error_http_status(error.code), content_type, std::move(request_id),
                       plain_type ? plain_error_body(error) : error_body(error));
}

Error unknown_operation() {
  return {ErrorCode::kUnknownOperationException, ""};
}

}  // namespace

FrontEnd::FrontEnd(const catalog::Site& site, Random& random, FrontEndParts parts)
    : site_(site),
      random_(random),
      services_(std::move(parts.json_services)),
      rest_(random, std::move(parts.rest_services), parts.recorder, parts.gate),
      query_(random, std::move(parts.query_services), parts.recorder, parts.gate),
      write_metrics_(std::move(parts.write_metrics)),
      recorder_(parts.recorder),
      gate_(parts.gate) {
  for (const api::JsonService& service : services_) {
    for (const api::JsonOperation& operation : service.operations) {
      const api::Shape* input = api::find_shape(service.model, operation.input);
      MILLRACE_CHECK(input != nullptr);
      routes_.emplace(fmt::format("{}.{}", service.target_prefix, operation.name),
                      Route{input, &operation, service.plain_error_types, service.constraint_error,
                            audit::find_request_kind(service.model, operation.name)});
    }
  }
}

void FrontEnd::handle(http::Request request, http::Respond respond) {
  if (RestFrontEnd::is_rest_path(request.target)) {
    return rest_.handle(std::move(request), std::move(respond));
  }
  if (QueryFrontEnd::is_query(request)) {
    return query_.handle(std::move(request), std::move(respond));
  }
  if (request.method == "POST") return answer_post(std::move(request), std::move(respond));
  if (path_of(request) == "/metrics" && write_metrics_) return answer_metrics(std::move(respond));
  if (request.method == "GET" || request.method == "HEAD") return respond(answer_get(request));
  respond(text_response(405, "method not allowed\n"));
}

http::Response FrontEnd::answer_get(const http::Request& request) const {
  const std::string_view path = path_of(request);
  if (path == "/health") return text_response(200, "ok\n");
  if (path == "/") {
    return text_response(200, fmt::format("healthy: dynamodb.{}.amazonaws.com ", site_.region));
  }
  return text_response(404, "not found\n");
}

void FrontEnd::answer_metrics(http::Respond respond) const {
  write_metrics_([respond = std::move(respond)](Result<std::string> page) {
    if (!page.ok()) {
      log::error("internal error", {{"reason", page.error().message}});
      return respond(text_response(500, "the metrics cannot be read\n"));
    }
    respond({200, {{"Content-Type", "text/plain; version=0.0.4"}}, std::move(*page)});
  });
}

void FrontEnd::answer_post(http::Request request, http::Respond respond) {
  const Route* route = find_route(request);
  if (route != nullptr && recorder_ != nullptr && route->kind != nullptr &&
      recorder_->holds(*route->kind)) {
    auto held = std::make_shared<http::Request>(std::move(request));
    return recorder_->when_free([this, held, respond = std::move(respond)]() mutable {
      answer_post(std::move(*held), std::move(respond));
    });
  }
  std::string request_id = new_request_id(random_);
  if (route == nullptr) {
    return respond(error_response(unknown_operation(), false, content_type_of(request),
                                  std::move(request_id)));
  }
  run(*route, request, request_id, std::move(respond));
}

void FrontEnd::run(const Route& route, const http::Request& request, const std::string& request_id,
                   http::Respond respond) const {
  api::Reply reply = [respond = std::move(respond), request_id,
                      content_type = content_type_of(request),
                      plain = route.plain_error_types](Result<std::string> answer) {
    if (!answer.ok()) {
      return respond(error_response(answer.error(), plain, content_type, request_id));
    }
    respond(json_response(200, content_type, request_id, std::move(*answer)));
  };
  auto document = json::Document::parse(request.body);
  auth::PrincipalPointer principal = principal_of(request);
  auto recorded =
      begin_record(recorder_, route.kind, request, *principal, request_id, input_of(document));
  if (recorded) {
    reply = [recorded, reply = std::move(reply)](Result<std::string> answer) {
      finish_record(*recorded, std::move(answer), reply);
    };
  }
  if (!document.ok()) return reply(std::move(document).error());
  dispatch(route,
           {.input = {},
            .principal = std::move(principal),
            .host = request.header("host"),
            .request_id = request_id,
            .wait_milliseconds = request.header("x-millrace-wait-ms"),
            .observer = std::move(recorded)},
           *document, std::move(reply));
}

const FrontEnd::Route* FrontEnd::find_route(const http::Request& request) const {
  if (path_of(request) != "/") return nullptr;
  auto route = routes_.find(request.header("x-amz-target"));
  return route == routes_.end() ? nullptr : &route->second;
}

void FrontEnd::dispatch(const Route& route, api::Request request, const json::Document& document,
                        api::Reply reply) {
  const json::Element input = document.root();
  auto types = check_types(*route.input, input);
  if (!types.ok()) return reply(std::move(types).error());
  auto constraints = check_constraints(*route.input, input);
  if (!constraints.ok()) {
    return reply(Error{route.constraint_error, std::move(constraints).error().message});
  }
  request.input = json::Object(input);
  route.operation->run(request, std::move(reply));
}

http::Response FrontEnd::refuse(int status, std::string_view reason) {
  ErrorCode code = ErrorCode::kSerializationException;
  if (status == 413) code = ErrorCode::kRequestEntityTooLargeException;
  if (status == 503) code = ErrorCode::kServiceUnavailableException;
  if (status == 500) code = ErrorCode::kInternalFailure;
  http::Response response = json_response(status, kJson10, new_request_id(random_),
                                          error_body({code, std::string(reason)}));
  // For clients of the REST protocol, which do not look into the body.
  response.headers.push_back({"x-amzn-ErrorType", std::string(error_name(code))});
  response.close = true;
  return response;
}

}  // namespace millrace::wire
