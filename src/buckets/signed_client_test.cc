#include "buckets/signed_client.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "auth/credential.h"
#include "auth/sigv4.h"
#include "buckets/s3_bucket.h"
#include "http/content_coding.h"
#include "http/server.h"

namespace millrace::buckets {
namespace {

// Keeps the last request and answers as it is told, or not at all.
class ScriptedService final : public http::Handler {
 public:
  ScriptedService() {
    server_ = http::Server::listen({.port = 0, .threads = 1}, *this).value();
    server_->start();
  }
  ScriptedService(const ScriptedService&) = delete;
  ScriptedService& operator=(const ScriptedService&) = delete;
  ~ScriptedService() override { server_->stop(std::chrono::milliseconds(0)); }

  void handle(http::Request received, http::Respond respond) override {
    request = std::move(received);
    if (status == 0) {
      unanswered.push_back(std::move(respond));
    } else {
      respond({.status = status, .headers = headers, .body = body});
    }
  }
  http::Response refuse(int refused, std::string_view) override {
    return {.status = refused, .headers = {}, .body = {}};
  }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_->port());
  }

  int status = 200;
  Bytes body;
  std::vector<http::Header> headers;
  http::Request request;
  std::vector<http::Respond> unanswered;

 private:
  std::unique_ptr<http::Server> server_;
};

auth::Credential credential_of(const http::Request& request) {
  return auth::parse_credential({.authorization = request.header("Authorization"),
                                 .date = request.header("X-Amz-Date")})
      .value()
      .value();
}

// What the signature of the request should be as it came.
std::string expected_signature(const http::Request& request, std::string_view secret) {
  const auto credential = credential_of(request);
  std::vector<auth::HeaderView> headers;
  for (const std::string_view name : auth::names_of(credential.signed_headers)) {
    headers.push_back({name, request.header(name)});
  }
  const auth::Scope scope{std::string(credential.date), std::string(credential.region),
                          std::string(credential.service)};
  const std::string text = auth::string_to_sign(
      request.header("X-Amz-Date"), scope,
      auth::canonical_request({.method = request.method,
                               .target = request.target,
                               .headers = headers,
                               .payload = request.body,
                               .signs_path_as_sent = credential.service == "s3"}));
  const auto key = auth::derive_signing_key(secret, scope);
  std::string signature;
  auth::append_hex(signature, auth::HmacKey(auth::as_text(key)).digest(text));
  return signature;
}

const ServiceAccess kAccess{.access_key_id = "AKIDEXAMPLE", .secret_access_key = "secret/+key"};

TEST(SignedClient, SignsAsTheServicesWantIt) {
  ScriptedService service;
  service.body = "well";
  SignedClient client(kAccess);
  const auto answer =
      client.send({.url = service.url() + "/000000000000/queue",
                   .service = "sqs",
                   .region = "eu-west-1",
                   .headers = {{"Content-Type", "text/plain"}, {"X-Amz-Target", "A.B"}},
                   .body = "a=b&c=ü"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "well");
  EXPECT_EQ(service.request.method, "POST");
  EXPECT_EQ(service.request.target, "/000000000000/queue");
  EXPECT_EQ(service.request.body, "a=b&c=ü");
  EXPECT_EQ(service.request.header("Content-Type"), "text/plain");
  const auto credential = credential_of(service.request);
  EXPECT_EQ(credential.access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(credential.region, "eu-west-1");
  EXPECT_EQ(credential.service, "sqs");
  EXPECT_EQ(credential.signature, expected_signature(service.request, "secret/+key"));
  service.request.body += "x";
  EXPECT_NE(credential.signature, expected_signature(service.request, "secret/+key"));
}

TEST(SignedClient, LargeBodiesAndManyRequests) {
  ScriptedService service;
  SignedClient client(kAccess);
  const Bytes body(7 * 1024 * 1024, 'x');
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.send(
        {.url = service.url() + "/", .service = "sns", .region = "r", .headers = {}, .body = body});
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_EQ(service.request.body, body);
    EXPECT_EQ(credential_of(service.request).signature,
              expected_signature(service.request, "secret/+key"));
  }
}

TEST(SignedClient, WithoutKeysNothingIsSigned) {
  ScriptedService service;
  SignedClient client({});
  ASSERT_TRUE(client
                  .send({.url = service.url() + "/",
                         .service = "sqs",
                         .region = "r",
                         .headers = {},
                         .body = "x"})
                  .ok());
  EXPECT_EQ(service.request.header("Authorization"), "");
}

TEST(SignedClient, WhatIsNotAnAnswerIsAnError) {
  ScriptedService service;
  SignedClient client(
      {.access_key_id = {}, .secret_access_key = {}, .timeout = std::chrono::milliseconds(200)});
  const ServiceRequest request{
      .url = service.url() + "/q", .service = "sqs", .region = "r", .headers = {}, .body = "x"};
  service.status = 403;
  service.body = "<Code>AccessDenied</Code>";
  auto answer = client.send(request);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::kServiceException);
  EXPECT_NE(answer.error().message.find("status 403: <Code>AccessDenied</Code>"),
            std::string::npos);
  // A redirection is not followed.
  service.status = 301;
  EXPECT_FALSE(client.send(request).ok());
  service.status = 0;
  answer = client.send(request);
  ASSERT_FALSE(answer.ok());
  EXPECT_NE(answer.error().message.find("Timeout"), std::string::npos) << answer.error().message;
  EXPECT_FALSE(client
                   .send({.url = "http://127.0.0.1:1/",
                          .service = "s",
                          .region = "r",
                          .headers = {},
                          .body = ""})
                   .ok());
  EXPECT_FALSE(client
                   .send({.url = "file:///etc/passwd",
                          .service = "s",
                          .region = "r",
                          .headers = {},
                          .body = ""})
                   .ok());
  service.status = 200;
  EXPECT_TRUE(client.send(request).ok());
}

TEST(SignedClient, StopsWhileItWaits) {
  ScriptedService service;
  service.status = 0;
  SignedClient client(kAccess);
  auto answer = std::async(std::launch::async, [&] {
    return client.send(
        {.url = service.url() + "/", .service = "s", .region = "r", .headers = {}, .body = ""});
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto begin = std::chrono::steady_clock::now();
  client.stop();
  EXPECT_FALSE(answer.get().ok());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(S3Bucket, PutsAnObject) {
  ScriptedService service;
  auto client = std::make_shared<SignedClient>(kAccess);
  S3Bucket bucket(service.url(), "eu-west-1", "failed", client);
  const auto status = bucket.put({.name = "aws/lambda/u-1/shardId-0001/2026/01/02/x",
                                  .content = "{}",
                                  .content_type = "application/json",
                                  .metadata = {{"signature", "s"}}});
  ASSERT_TRUE(status.ok()) << status.error().message;
  const http::Request& request = service.request;
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.target, "/failed/aws/lambda/u-1/shardId-0001/2026/01/02/x");
  EXPECT_EQ(request.body, "{}");
  EXPECT_EQ(request.header("Content-Type"), "application/json");
  EXPECT_EQ(request.header("x-amz-meta-signature"), "s");
  EXPECT_EQ(request.header("x-amz-content-sha256"),
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  EXPECT_EQ(credential_of(request).service, "s3");
  EXPECT_EQ(credential_of(request).signature, expected_signature(request, "secret/+key"));
  EXPECT_EQ(bucket.put({.name = "../x", .content = ""}).error().code,
            ErrorCode::kInvalidParameterValueException);
  ASSERT_TRUE(bucket.put({.name = "a b/ü?", .content = ""}).ok());
  EXPECT_EQ(service.request.target, "/failed/a%20b/%C3%BC%3F");
  service.status = 500;
  EXPECT_EQ(bucket.put({.name = "x", .content = ""}).error().code, ErrorCode::kServiceException);
}

TEST(S3Bucket, PutsAnEncryptedAndCompressedObject) {
  ScriptedService service;
  S3Bucket bucket(service.url(), "r", "audit", std::make_shared<SignedClient>(kAccess));
  ASSERT_TRUE(bucket.put({.name = "x", .content = ""}).ok());
  EXPECT_EQ(service.request.header("Content-Encoding"), "");
  EXPECT_EQ(service.request.header("x-amz-server-side-encryption"), "");
  const Bytes plain(1000, 'x');
  ASSERT_TRUE(bucket
                  .put({.name = "x",
                        .content = http::GzipCodec().compress(plain).value(),
                        .content_encoding = "gzip",
                        .kms_key_id = "arn:aws:kms:r:000000000000:key/k"})
                  .ok());
  // This service took the encoding off.
  EXPECT_EQ(service.request.body, plain);
  EXPECT_EQ(service.request.header("x-amz-server-side-encryption"), "aws:kms");
  EXPECT_EQ(service.request.header("x-amz-server-side-encryption-aws-kms-key-id"),
            "arn:aws:kms:r:000000000000:key/k");
}

TEST(S3Bucket, GetsAnObject) {
  ScriptedService service;
  S3Bucket bucket(service.url(), "r", "audit", std::make_shared<SignedClient>(kAccess));
  service.body = Bytes(200'000, 'x');
  service.headers = {{"X-Amz-Meta-Signature", " ab "}, {"x-amz-meta-other", "o"}, {"ETag", "e"}};
  const auto object = bucket.get("a b/c");
  ASSERT_TRUE(object.ok()) << object.error().message;
  EXPECT_EQ(service.request.method, "GET");
  EXPECT_EQ(service.request.target, "/audit/a%20b/c");
  EXPECT_EQ(credential_of(service.request).signature,
            expected_signature(service.request, "secret/+key"));
  EXPECT_EQ((*object)->content, service.body);
  EXPECT_EQ((*object)->metadata,
            (std::map<std::string, std::string>{{"signature", "ab"}, {"other", "o"}}));
  EXPECT_EQ(bucket.get("../x").error().code, ErrorCode::kInvalidParameterValueException);
}

TEST(S3Bucket, TellsWhyItFailed) {
  ScriptedService service;
  S3Bucket bucket(service.url(), "r", "audit", std::make_shared<SignedClient>(kAccess));
  service.status = 404;
  auto refuse_with = [&](const std::string& code) {
    service.body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
  };
  refuse_with("NoSuchKey");
  EXPECT_EQ(bucket.get("a").value(), std::nullopt);
  refuse_with("NoSuchBucket");
  EXPECT_EQ(s3_error_code(bucket.get("a").error()), "NoSuchBucket");
  EXPECT_EQ(s3_error_code(bucket.list("a").error()), "NoSuchBucket");
  EXPECT_EQ(s3_error_code(bucket.put({.name = "a", .content = ""}).error()), "NoSuchBucket");
  service.body = "gone";
  EXPECT_EQ(s3_error_code(bucket.get("a").error()), "");
}

TEST(S3Bucket, ListsAllPages) {
  ScriptedService service;
  S3Bucket bucket(service.url(), "r", "audit", std::make_shared<SignedClient>(kAccess));
  service.body = R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>audit</Name>
<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>
<Contents><Key>p/b%26%C3%BC+c</Key><Size>1</Size></Contents><Contents><Key>p/a</Key></Contents>
</ListBucketResult>)";
  const auto names = bucket.list("p/");
  ASSERT_TRUE(names.ok()) << names.error().message;
  EXPECT_EQ(*names, (std::vector<std::string>{"p/a", "p/b&\xC3\xBC c"}));
  EXPECT_EQ(service.request.target, "/audit/?encoding-type=url&list-type=2&prefix=p%2F");
  EXPECT_EQ(credential_of(service.request).service, "s3");
  // The same page for ever is not taken for the end.
  for (const char* bad : {"", "<a", "<Error/>",
                          "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>"}) {
    service.body = bad;
    EXPECT_EQ(bucket.list("").error().code, ErrorCode::kServiceException) << bad;
  }
}

}  // namespace
}  // namespace millrace::buckets
