#include "cli/client/call_signer.h"

#include <array>

namespace millrace::cli {

namespace {

constexpr std::string_view kContentType = "application/x-amz-json-1.0";

}  // namespace

CallSigner::CallSigner(std::string host, auth::SigningCredentials credentials, std::string region,
                       const Clock& clock)
    : host_(std::move(host)),
      signer_(std::move(credentials), std::move(region), "dynamodb"),
      clock_(clock) {}

auth::SignatureHeaders CallSigner::sign(const Call& call) {
  target_.assign(call.target_prefix).append(call.operation);
  const std::array<auth::HeaderView, 3> headers = {
      {{"content-type", kContentType}, {"host", host_}, {"x-amz-target", target_}}};
  return signer_.sign({"POST", "/", headers, call.body}, clock_.now_milliseconds() / 1000);
}

void CallSigner::write(const Call& call, std::string& out) {
  auth::SignatureHeaders added = sign(call);
  out.assign("POST / HTTP/1.1\r\nHost: ").append(host_);
  out.append("\r\nContent-Type: ").append(kContentType);
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
  request.headers = {{"Host", host_},
                     {"Content-Type", std::string(kContentType)},
                     {"X-Amz-Target", target_},
                     {"X-Amz-Date", added.amz_date},
                     {"Authorization", added.authorization}};
  if (!added.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", added.session_token});
  }
  request.body = call.body;
  return request;
}

}  // namespace millrace::cli
