#include "wire/rest_front_end.h"

#include <algorithm>

#include "api/validate.h"
#include "base/uuid.h"
#include "json/document.h"
#include "wire/request_principal.h"
#include "wire/request_record.h"
#include "wire/rest_error.h"
#include "wire/rest_input.h"

namespace millrace::wire {
namespace {

constexpr std::string_view kFunctionsPath = "/2015-03-31/functions";
constexpr std::string_view kCodePathEnd = "/code";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

http::Response success_response(api::RestAnswer answer, int status, const std::string& request_id) {
  http::Response response{answer.status != 0 ? answer.status : status, {}, std::move(answer.body)};
  for (auto& [name, value] : answer.headers) {
    response.headers.push_back({std::move(name), std::move(value)});
  }
  if (response.header("x-amzn-RequestId").empty()) {
    response.headers.push_back({"x-amzn-RequestId", request_id});
  }
  if (response.header("Content-Type").empty()) {
    response.headers.push_back({"Content-Type", "application/json"});
  }
  return response;
}

api::RestReply reply_to(http::Respond respond, int status, std::string request_id) {
  return [respond = std::move(respond), status,
          request_id = std::move(request_id)](Result<api::RestAnswer> answer) {
    respond(answer.ok() ? success_response(std::move(*answer), status, request_id)
                        : rest_error_response(answer.error(), request_id));
  };
}

}  // namespace

RestFrontEnd::RestFrontEnd(Random& random, std::vector<api::RestService> services,
                           const audit::Recorder* recorder, const access::Gate* gate)
    : random_(random),
      services_(std::move(services)),
      routes_(services_, gate != nullptr),
      recorder_(recorder),
      gate_(gate) {}

bool RestFrontEnd::is_rest_path(std::string_view path) {
  constexpr std::string_view kForm = "/0000-00-00/";
  return path.size() >= kForm.size() &&
         std::equal(kForm.begin(), kForm.end(), path.begin(),
                    [](char form, char c) { return form == '0' ? is_digit(c) : c == form; });
}

void RestFrontEnd::handle(http::Request request, http::Respond respond) const {
  const auto match = routes_.find(request.method, path_of(request.target));
  if (match && recorder_ != nullptr && match->route.kind != nullptr &&
      recorder_->holds(*match->route.kind)) {
    auto held = std::make_shared<http::Request>(std::move(request));
    return recorder_->when_free([this, held, respond = std::move(respond)]() mutable {
      handle(std::move(*held), std::move(respond));
    });
  }
  if (match) return run(*match, request, std::move(respond));
  const std::string request_id = new_uuid(random_);
  if (request.method == "GET" && download(request, request_id, respond)) return;
  answer_unknown(request, request_id, respond);
}

void RestFrontEnd::answer_unknown(const http::Request& request, const std::string& request_id,
                                  const http::Respond& respond) const {
  Error error{ErrorCode::kUnknownOperationException,
              "There is no operation of this method and path"};
  const auto principal = authenticate(gate_, request, nullptr);
  if (!principal.ok()) error = principal.error();
  respond(rest_error_response(error, request_id));
}

void RestFrontEnd::run(const RestMatch& match, const http::Request& request,
                       http::Respond respond) const {
  const std::string request_id = new_uuid(random_);
  const api::RestBinding& binding = *match.route.binding;
  api::RestReply reply = reply_to(std::move(respond), binding.status, request_id);
  auto principal = authenticate(gate_, request, match.route.action);
  // What is refused is read for its event alone.
  if (!principal.ok() && !may_be_recorded(recorder_, match.route.kind)) {
    return reply(principal.error());
  }
  const auto text = rest_input(binding, match.labels, request);
  auto document = text.ok() ? json::Document::parse(*text) : Result<json::Document>(text.error());
  auto recorded =
      begin_record(recorder_, match.route.kind, request, *recorded_principal(principal, request),
                   request_id, input_of(document));
  if (recorded) {
    reply = [recorded, reply = std::move(reply)](Result<api::RestAnswer> answer) {
      finish_record(*recorded, std::move(answer), reply);
    };
  }
  if (!principal.ok()) return reply(std::move(principal).error());
  if (!text.ok()) return reply(text.error());
  if (!document.ok()) return reply(unreadable_body());
  dispatch(match, request,
           {.input = {},
            .principal = std::move(*principal),
            .host = request.header("host"),
            .request_id = request_id,
            .payload = binding.payload.empty() ? ByteView() : ByteView(request.body)},
           *document, std::move(reply));
}

bool RestFrontEnd::download(const http::Request& request, const std::string& request_id,
                            const http::Respond& respond) const {
  for (const api::RestService& service : services_) {
    for (const api::RestDownload& download : service.downloads) {
      if (!request.target.starts_with(download.path_prefix)) continue;
      download.fetch(std::string_view(request.target).substr(download.path_prefix.size()),
                     reply_to(respond, 200, request_id));
      return true;
    }
  }
  return false;
}

void RestFrontEnd::dispatch(const RestMatch& match, const http::Request& request, api::Request call,
                            const json::Document& document, api::RestReply reply) const {
  const api::RestBinding& binding = *match.route.binding;
  const json::Element input = document.root();
  auto types = check_types(*binding.input, input);
  if (!types.ok()) return reply(std::move(types).error());
  auto constraints = check_constraints(*binding.input, input);
  if (!constraints.ok()) return reply(std::move(constraints).error());
  call.input = json::Object(input);
  if (gate_ != nullptr) {
    auto allowed = gate_->authorize(call.principal, request, *match.route.action, call.input);
    if (!allowed.ok()) return reply(std::move(allowed).error());
  }
  match.route.operation->run(call, std::move(reply));
}

bool takes_large_body(std::string_view method, std::string_view target) {
  if (!target.starts_with(kFunctionsPath)) return false;
  std::string_view path = path_of(target);
  if (path.ends_with('/')) path.remove_suffix(1);
  if (method == "POST") return path == kFunctionsPath;
  return method == "PUT" && path.ends_with(kCodePathEnd);
}

}  // namespace millrace::wire
