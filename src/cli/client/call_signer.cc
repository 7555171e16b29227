#include "cli/client/call_signer.h"

#include <array>

#include "auth/uri.h"

namespace millrace::cli {

namespace {

std::string_view content_type_of(std::string_view service) {
  if (service == "lambda") return "application/json";
  if (service == "iam") return "application/x-www-form-urlencoded";
  return service == "logs" ? "application/x-amz-json-1.1" : "application/x-amz-json-1.0";
}

void append_parameter(std::string& form, std::string_view name, std::string_view value) {
  form += '&';
  auth::append_uri_encoded(form, name);
  form += '=';
  auth::append_uri_encoded(form, value);
}

void add_signature(http::Request& request, auth::SignatureHeaders added) {
  request.headers.push_back({"X-Amz-Date", std::move(added.amz_date)});
  request.headers.push_back({"Authorization", std::move(added.authorization)});
  if (!added.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", std::move(added.session_token)});
  }
}

}  // namespace

CallSigner::CallSigner(std::string host, auth::SigningCredentials credentials, std::string region,
                       const Clock& clock, std::string_view service)
    : host_(std::move(host)),
      content_type_(content_type_of(service)),
      signer_(std::move(credentials), std::move(region), std::string(service)),
      clock_(clock) {}

auth::SignatureHeaders CallSigner::sign(const Call& call) {
  target_.assign(call.target_prefix).append(call.operation);
  const std::array<auth::HeaderView, 3> headers = {
      {{"content-type", content_type_}, {"host", host_}, {"x-amz-target", target_}}};
  return signer_.sign({"POST", "/", headers, call.body}, clock_.now_milliseconds() / 1000);
}

void CallSigner::write(const Call& call, std::string& out) {
  auth::SignatureHeaders added = sign(call);
  out.assign("POST / HTTP/1.1\r\nHost: ").append(host_);
  out.append("\r\nContent-Type: ").append(content_type_);
  out.append("\r\nX-Amz-Target: ").append(target_);
  out.append("\r\nX-Amz-Date: ").append(added.amz_date);
  out.append("\r\nAuthorization: ").append(added.authorization);
  if (!added.session_token.empty()) {
    out.append("\r\nX-Amz-Security-Token: ").append(added.session_token);
  }
  if (!call.wait_milliseconds.empty()) {
    out.append("\r\nX-Millrace-Wait-Ms: ").append(call.wait_milliseconds);
  }
  out.append("\r\nContent-Length: ").append(std::to_string(call.body.size()));
  out.append("\r\n\r\n").append(call.body);
}

http::Request CallSigner::request(const Call& call) {
  auth::SignatureHeaders added = sign(call);
  http::Request request;
  request.method = "POST";
  request.target = "/";
  request.headers = {{"Host", host_}, {"Content-Type", content_type_}, {"X-Amz-Target", target_}};
  add_signature(request, std::move(added));
  request.body = call.body;
  return request;
}

http::Request CallSigner::request(const RestCall& call) {
  http::Request request;
  request.method = call.method;
  request.target = call.query.empty() ? call.path : call.path + "?" + call.query;
  std::vector<auth::HeaderView> headers = {{"content-type", content_type_}, {"host", host_}};
  request.headers = {{"Host", host_}, {"Content-Type", content_type_}};
  for (const auto& [name, value] : call.headers) {
    headers.push_back({name, value});
    request.headers.push_back({name, value});
  }
  add_signature(request, signer_.sign({call.method, request.target, headers, call.body},
                                      clock_.now_milliseconds() / 1000));
  request.body = call.body;
  return request;
}

http::Request CallSigner::request(const QueryCall& call) {
  RestCall form{.operation = call.operation, .method = "POST", .path = "/"};
  form.body.assign("Action=").append(call.operation).append("&Version=2010-05-08");
  for (const auto& [name, value] : call.parameters) append_parameter(form.body, name, value);
  return request(form);
}

}  // namespace millrace::cli
