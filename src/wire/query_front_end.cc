#include "wire/query_front_end.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/check.h"
#include "base/log.h"
#include "base/uuid.h"
#include "wire/query_constraints.h"
#include "wire/query_input.h"
#include "wire/query_xml.h"
#include "wire/request_principal.h"
#include "wire/request_record.h"

namespace millrace::wire {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

http::Response xml_response(int status, const std::string& request_id, std::string body) {
  return {
      status, {{"x-amzn-RequestId", request_id}, {"Content-Type", "text/xml"}}, std::move(body)};
}

http::Response error_response(const Error& error, std::string_view xml_namespace,
                              const std::string& request_id) {
  if (error.code == ErrorCode::kInternalServerError) {
    log::error("internal error", {{"request_id", request_id}, {"reason", error.message}});
  }
  const QueryError shown = query_error(error);
  return xml_response(shown.status, request_id, query_error_body(shown, xml_namespace, request_id));
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

api::Reply reply_to(http::Respond respond, const api::QueryService& service,
                    const std::string& operation, std::string request_id) {
  return [respond = std::move(respond), &service, operation,
          request_id = std::move(request_id)](Result<std::string> answer) {
    Result<std::string> body =
        answer.ok() ? query_response_body(operation, service.xml_namespace, *answer, request_id)
                    : std::move(answer);
    respond(body.ok() ? xml_response(200, request_id, std::move(*body))
                      : error_response(body.error(), service.xml_namespace, request_id));
  };
}

}  // namespace

QueryFrontEnd::QueryFrontEnd(Random& random, std::vector<api::QueryService> services,
                             const audit::Recorder* recorder, const access::Gate* gate)
    : random_(random), services_(std::move(services)), recorder_(recorder), gate_(gate) {
  for (const api::QueryService& service : services_) {
    for (const api::JsonOperation& operation : service.operations) {
      const api::Shape* input = api::find_shape(service.model, operation.input);
      const access::Action* action = access::find_action(service.model, operation.name);
      MILLRACE_CHECK(input != nullptr);
      MILLRACE_CHECK(action != nullptr || gate_ == nullptr);
      routes_.emplace(std::pair(service.api_version, operation.name),
                      Route{&service, &operation, input,
                            audit::find_request_kind(service.model, operation.name), action});
    }
  }
}

bool QueryFrontEnd::is_query(const http::Request& request) {
  const std::string_view target = request.target;
  const size_t end = std::min(target.find('?'), target.size());
  if (target.substr(0, end) != "/") return false;
  if (request.method == "GET") {
    const std::string_view query = target.substr(end);
    return query.starts_with("?Action=") || query.find("&Action=") != std::string_view::npos;
  }
  if (request.method != "POST" || !request.header("x-amz-target").empty()) return false;
  const std::string_view type = request.header("content-type");
  return equals_ignoring_case(type.substr(0, kFormType.size()), kFormType);
}

void QueryFrontEnd::handle(http::Request request, http::Respond respond) const {
  const auto form = QueryForm::read(request);
  if (!form.ok()) return respond(error_response(form.error(), kFaultNamespace, new_uuid(random_)));
  const Route* route = find_route(*form);
  if (route == nullptr) return respond(refuse_unknown(request, *form));
  if (recorder_ != nullptr && route->kind != nullptr && recorder_->holds(*route->kind)) {
    auto held = std::make_shared<http::Request>(std::move(request));
    return recorder_->when_free([this, held, respond = std::move(respond)]() mutable {
      handle(std::move(*held), std::move(respond));
    });
  }
  run(*route, request, *form, std::move(respond));
}

const QueryFrontEnd::Route* QueryFrontEnd::find_route(const QueryForm& form) const {
  const auto route =
      routes_.find({form.value("Version").value_or(""), form.value("Action").value_or("")});
  return route == routes_.end() ? nullptr : &route->second;
}

http::Response QueryFrontEnd::refuse_unknown(const http::Request& request,
                                             const QueryForm& form) const {
  const std::string request_id = new_uuid(random_);
  const auto action = form.value("Action");
  const auto version = form.value("Version");
  std::string_view xml_namespace = kFaultNamespace;
  for (const api::QueryService& service : services_) {
    if (version && service.api_version == *version) xml_namespace = service.xml_namespace;
  }
  const auto principal = authenticate(gate_, request, nullptr);
  if (!principal.ok()) return error_response(principal.error(), xml_namespace, request_id);
  const bool no_action = !action || action->empty();
  const std::string message =
      no_action ? "Missing Action"
                : fmt::format("Could not find operation {} for version {}", *action,
                              version && !version->empty() ? *version : "NO_VERSION_SPECIFIED");
  return xml_response(
      400, request_id,
      query_error_body({no_action ? "MissingAction" : "InvalidAction", 400, message}, xml_namespace,
                       request_id));
}

void QueryFrontEnd::run(const Route& route, const http::Request& request, const QueryForm& form,
                        http::Respond respond) const {
  const std::string request_id = new_uuid(random_);
  api::Reply reply =
      reply_to(std::move(respond), *route.service, route.operation->name, request_id);
  auto principal = authenticate(gate_, request, route.action);
  // What is refused is read for its event alone.
  if (!principal.ok() && !may_be_recorded(recorder_, route.kind)) return reply(principal.error());
  const auto text = query_input(*route.input, form);
  const auto document =
      text.ok() ? json::Document::parse(*text) : Result<json::Document>(text.error());
  auto recorded =
      begin_record(recorder_, route.kind, request, *recorded_principal(principal, request),
                   request_id, input_of(document));
  if (recorded) {
    reply = [recorded, reply = std::move(reply)](Result<std::string> answer) {
      finish_record(*recorded, std::move(answer), reply);
    };
  }
  if (!principal.ok()) return reply(std::move(principal).error());
  dispatch(route, request,
           {.input = {},
            .principal = std::move(*principal),
            .host = request.header("host"),
            .request_id = request_id,
            .observer = std::move(recorded)},
           document, std::move(reply));
}

void QueryFrontEnd::dispatch(const Route& route, const http::Request& request, api::Request call,
                             const Result<json::Document>& document, api::Reply reply) const {
  if (!document.ok()) {
    Error error = document.error();
    if (error.message.empty()) error.message = "The request is not UTF-8";
    return reply(std::move(error));
  }
  call.input = json::Object(document->root());
  auto types = check_types(*route.input, document->root());
  if (!types.ok()) return reply(std::move(types).error());
  auto constraints = check_query_constraints(*route.input, document->root());
  if (!constraints.ok()) return reply(std::move(constraints).error());
  if (gate_ != nullptr) {
    auto allowed = gate_->authorize(call.principal, request, *route.action, call.input);
    if (!allowed.ok()) return reply(std::move(allowed).error());
  }
  route.operation->run(call, std::move(reply));
}

}  // namespace millrace::wire
