// A request: method and target in a line, a line for each header, a blank line, the body. However
// it is signed, verification ends with a key that there is or with one of five errors, whose
// message is printable. Signed by our own signer instead, it is taken.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "auth/credential.h"
#include "auth/header_name.h"
#include "auth/request_verifier.h"
#include "auth/sigv4.h"
#include "base/check.h"

namespace millrace::auth {
namespace {

constexpr int64_t kTime = 1440938160;  // 20150830T123600Z, that of the published examples
constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

class OneKey final : public AccessKeys {
 public:
  OneKey() {
    SigningIdentity identity;
    identity.secret_access_key = kSecret;
    identity.principal = anonymous_principal();
    identity_ = std::make_shared<const SigningIdentity>(std::move(identity));
  }
  [[nodiscard]] SigningIdentityPointer find(std::string_view access_key_id,
                                            std::string_view /*token*/) const override {
    return access_key_id == "AKIDEXAMPLE" ? identity_ : nullptr;
  }

 private:
  SigningIdentityPointer identity_;
};

std::string_view next_part(std::string_view& input, char separator) {
  const size_t end = std::min(input.find(separator), input.size());
  const std::string_view part = input.substr(0, end);
  input.remove_prefix(std::min(end + 1, input.size()));
  return part;
}

struct Read {
  std::string_view method;
  std::string_view target;
  std::vector<HeaderView> headers;
  std::string_view body;
};

Read read(std::string_view input) {
  Read request;
  request.method = next_part(input, ' ');
  request.target = next_part(input, '\n');
  while (!input.empty()) {
    std::string_view line = next_part(input, '\n');
    if (line.empty()) break;
    const std::string_view name = next_part(line, ':');
    request.headers.push_back({name, line});
  }
  request.body = input;
  return request;
}

void check_refusal(const Error& error) {
  const std::string_view name = error_name(error.code);
  MILLRACE_CHECK(name == "MissingAuthenticationTokenException" ||
                 name == "IncompleteSignatureException" || name == "InvalidSignatureException" ||
                 name == "UnrecognizedClientException" || name == "ExpiredTokenException");
  MILLRACE_CHECK(std::ranges::all_of(error.message, [](char c) { return c >= ' ' && c <= '~'; }));
}

// As HTTP has them.
bool is_header_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

// What the signer adds, or what would count for more than what it signs.
bool is_of_signature(std::string_view name) {
  return is_name(name, "authorization") || is_name(name, "x-amz-date") ||
         is_name(name, "x-amz-security-token") || is_name(name, "x-amz-content-sha256") ||
         is_name(name, "host");
}

void check_own_signature(Read request, const RequestVerifier& verifier) {
  std::erase_if(request.headers, [](const HeaderView& header) {
    return !is_header_name(header.name) || is_of_signature(header.name);
  });
  request.headers.push_back({"Host", "localhost"});
  Signer signer({"AKIDEXAMPLE", std::string(kSecret), ""}, "us-east-1", "dynamodb");
  const SignatureHeaders added =
      signer.sign({request.method, request.target, request.headers, request.body}, kTime);
  request.headers.push_back({"X-Amz-Date", added.amz_date});
  request.headers.push_back({"Authorization", added.authorization});
  const auto taken =
      verifier.verify({request.method, request.target, request.headers, request.body}, "", false);
  // A signature in the query beside it is refused.
  MILLRACE_CHECK(taken.ok() || taken.error().message.starts_with("Found both"));
}

}  // namespace
}  // namespace millrace::auth

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace millrace;
  using namespace millrace::auth;
  static const OneKey keys;
  static const ManualClock clock(kTime * 1'000'000);
  static const RequestVerifier verifier(keys, clock, "us-east-1");
  const Read request = read({reinterpret_cast<const char*>(data), size});
  for (const std::string_view service : {"service", "dynamodb", ""}) {
    const auto principal = verifier.verify(
        {request.method, request.target, request.headers, request.body}, service, false);
    if (!principal.ok()) check_refusal(principal.error());
  }
  check_own_signature(request, verifier);
  return 0;
}
