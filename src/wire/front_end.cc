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

http::Response json_response(int status, std::string_view content_type, const RequestId& request_id,
                             std::string body) {
  http::Response response{status, {}, std::move(body)};
  response.headers.reserve(2);
  response.headers.push_back({"x-amzn-RequestId", std::string(request_id.view())});
  response.headers.push_back({"Content-Type", std::string(content_type)});
  response.checksum = true;
  return response;
}

http::Response error_response(const Error& error, bool plain_type, std::string_view content_type,
                              const RequestId& request_id) {
  if (error.code == ErrorCode::kInternalServerError) {
    log::error("internal error",
               {{"request_id", std::string(request_id.view())}, {"reason", error.message}});
  }
  return json_response(error_http_status(error.code), content_type, request_id,
                       plain_type ? plain_error_body(error) : error_body(error));
}

// Whether the peer, by its address, is this machine.
bool is_loopback(std::string_view address) {
  return address == "::1" || address.starts_with("127.") || address.starts_with("::ffff:127.");
}

}  // namespace

FrontEnd::FrontEnd(const catalog::Site& site, Random& random, FrontEndParts parts)
    : site_(site),
      request_ids_(random),
      services_(std::move(parts.json_services)),
      rest_(random, std::move(parts.rest_services), parts.recorder, parts.gate),
      query_(random, std::move(parts.query_services), parts.recorder, parts.gate),
      write_metrics_(std::move(parts.write_metrics)),
      recorder_(parts.recorder),
      gate_(parts.gate),
      open_metrics_(parts.open_metrics) {
  for (const api::JsonService& service : services_) {
    for (const api::JsonOperation& operation : service.operations) {
      const api::Shape* input = api::find_shape(service.model, operation.input);
      const access::Action* action = access::find_action(service.model, operation.name);
      MILLRACE_CHECK(input != nullptr && (action != nullptr || gate_ == nullptr));
      routes_.emplace(fmt::format("{}.{}", service.target_prefix, operation.name),
                      Route{input, &operation, service.plain_error_types, service.constraint_error,
                            audit::find_request_kind(service.model, operation.name), action});
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
  if (request.method == "POST") return answer_post(request, std::move(respond));
  if (path_of(request) == "/metrics" && write_metrics_) {
    if (may_read_metrics(request)) return answer_metrics(std::move(respond));
    return respond(text_response(403, "the metrics are for this machine\n"));
  }
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

bool FrontEnd::may_read_metrics(const http::Request& request) const {
  return gate_ == nullptr || !gate_->is_enforced() || open_metrics_ ||
         is_loopback(request.remote_address);
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

void FrontEnd::answer_unknown(const http::Request& request, const http::Respond& respond) {
  Error error{ErrorCode::kUnknownOperationException, ""};
  const auto principal = authenticate(gate_, request, nullptr);
  if (!principal.ok()) error = principal.error();
  respond(error_response(error, false, content_type_of(request), request_ids_.next()));
}

void FrontEnd::answer_post(http::Request& request, http::Respond respond) {
  const Route* route = find_route(request);
  if (route != nullptr && recorder_ != nullptr && route->kind != nullptr &&
      recorder_->holds(*route->kind)) {
    auto held = std::make_shared<http::Request>(std::move(request));
    return recorder_->when_free([this, held, respond = std::move(respond)]() mutable {
      answer_post(*held, std::move(respond));
    });
  }
  if (route == nullptr) return answer_unknown(request, respond);
  run(*route, request, request_ids_.next(), std::move(respond));
}

void FrontEnd::run(const Route& route, const http::Request& request, const RequestId& request_id,
                   http::Respond respond) const {
  api::Reply reply = [respond = std::move(respond), request_id,
                      content_type = content_type_of(request),
                      plain = route.plain_error_types](Result<std::string> answer) {
    if (!answer.ok()) {
      return respond(error_response(answer.error(), plain, content_type, request_id));
    }
    respond(json_response(200, content_type, request_id, std::move(*answer)));
  };
  auto principal = authenticate(gate_, request, route.action);
  // What is refused is read for its event alone.
  if (!principal.ok() && !may_be_recorded(recorder_, route.kind)) return reply(principal.error());
  auto document = json::Document::parse(request.body);
  auto recorded =
      begin_record(recorder_, route.kind, request, *recorded_principal(principal, request),
                   request_id.view(), input_of(document));
  if (recorded) {
    reply = [recorded, reply = std::move(reply)](Result<std::string> answer) {
      finish_record(*recorded, std::move(answer), reply);
    };
  }
  if (!principal.ok()) return reply(std::move(principal).error());
  if (!document.ok()) return reply(std::move(document).error());
  dispatch(route, request,
           {.input = {},
            .principal = std::move(*principal),
            .host = request.header("host"),
            .request_id = request_id.view(),
            .wait_milliseconds = request.header("x-millrace-wait-ms"),
            .observer = std::move(recorded)},
           *document, std::move(reply));
}

const FrontEnd::Route* FrontEnd::find_route(const http::Request& request) const {
  if (path_of(request) != "/") return nullptr;
  auto route = routes_.find(request.header("x-amz-target"));
  return route == routes_.end() ? nullptr : &route->second;
}

void FrontEnd::dispatch(const Route& route, const http::Request& request, api::Request call,
                        const json::Document& document, api::Reply reply) const {
  const json::Element input = document.root();
  auto types = check_types(*route.input, input);
  if (!types.ok()) return reply(std::move(types).error());
  auto constraints = check_constraints(*route.input, input);
  if (!constraints.ok()) {
    return reply(Error{route.constraint_error, std::move(constraints).error().message});
  }
  call.input = json::Object(input);
  if (gate_ != nullptr) {
    auto allowed = gate_->authorize(call.principal, request, *route.action, call.input);
    if (!allowed.ok()) return reply(std::move(allowed).error());
  }
  route.operation->run(call, std::move(reply));
}

http::Response FrontEnd::refuse(int status, std::string_view reason) {
  ErrorCode code = ErrorCode::kSerializationException;
  if (status == 413) code = ErrorCode::kRequestEntityTooLargeException;
  if (status == 503) code = ErrorCode::kServiceUnavailableException;
  if (status == 500) code = ErrorCode::kInternalFailure;
  http::Response response =
      json_response(status, kJson10, request_ids_.next(), error_body({code, std::string(reason)}));
  // For clients of the REST protocol, which do not look into the body.
  response.headers.push_back({"x-amzn-ErrorType", std::string(error_name(code))});
  response.close = true;
  return response;
}

}  // namespace millrace::wire
