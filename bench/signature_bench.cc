// Verifying the signature of a GetItem as an SDK sends it.
#include <array>

#include <benchmark/benchmark.h>

#include "auth/request_verifier.h"
#include "auth/sigv4.h"

namespace millrace::bench {
namespace {

constexpr int64_t kTime = 1'767'225'600;
constexpr size_t kBodyBytes = 500;

class OneKey final : public auth::AccessKeys {
 public:
  OneKey() {
    auth::SigningIdentity identity;
    identity.secret_access_key = std::string(40, 's');
    identity.principal = auth::anonymous_principal();
    identity_ = std::make_shared<const auth::SigningIdentity>(std::move(identity));
  }

  [[nodiscard]] auth::SigningIdentityPointer find(std::string_view access_key_id,
                                                  std::string_view /*token*/) const override {
    return access_key_id == "AKIAIOSFODNN7EXAMPLE" ? identity_ : nullptr;
  }

 private:
  auth::SigningIdentityPointer identity_;
};

// `access_key_id` may be one that there is not.
void signature_verify(benchmark::State& state, const std::string& access_key_id) {
  const OneKey keys;
  const ManualClock clock(kTime * 1'000'000);
  const auth::RequestVerifier verifier(keys, clock, "us-east-1");
  auth::Signer signer({access_key_id, std::string(40, 's'), ""}, "us-east-1", "dynamodb");

  const std::string body(kBodyBytes, 'x');
  std::vector<auth::HeaderView> headers = {{"Host", "localhost:8000"},
                                           {"Content-Type", "application/x-amz-json-1.0"},
                                           {"X-Amz-Target", "DynamoDB_20120810.GetItem"}};
  const auth::SignatureHeaders added = signer.sign({"POST", "/", headers, body}, kTime);
  headers.push_back({"X-Amz-Date", added.amz_date});
  headers.push_back({"Authorization", added.authorization});
  headers.push_back({"Content-Length", "500"});
  headers.push_back({"User-Agent", "Boto3/1.34 md/Botocore#1.34 ua/2.0 os/linux#6.1 lang/python"});
  for (auto _ : state) {
    benchmark::DoNotOptimize(verifier.verify({"POST", "/", headers, body}, "dynamodb", false));
  }
}
BENCHMARK_CAPTURE(signature_verify, good, "AKIAIOSFODNN7EXAMPLE");
BENCHMARK_CAPTURE(signature_verify, unknown_key, "AKIAIOSFODNN7UNKNOWN");

}  // namespace
}  // namespace millrace::bench
