// What the front ends let through, and what they tell those whom they do not.
#include <gmock/gmock.h>

#include "audit/coverage.h"
#include "engine/memory/memory_engine.h"
#include "wire/front_end.h"
#include "wire/gate_testing.h"

namespace millrace::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kKnownClient =
    "AWS4-HMAC-SHA256 Credential=AKIACLAIMED/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0";

class GatedFrontEnd : public ::testing::Test {
 protected:
  ~GatedFrontEnd() override { spool_->stop(); }

  // Notes who asks.
  api::JsonOperation json_operation(const std::string& name, const std::string& input) {
    return {name, input, [this](const api::Request& request, api::Reply reply) {
              principals_.push_back(request.principal);
              reply(std::string("{}"));
            }};
  }
  api::RestService functions() {
    api::RestService service{"lambda", {}, {}};
    service.operations.push_back(
        {"ListFunctions", [this](const api::Request& request, api::RestReply reply) {
           principals_.push_back(request.principal);
           reply(api::RestAnswer{"{}"});
         }});
    service.downloads.push_back(
        {"/2015-03-31/get/", [](std::string_view rest, api::RestReply reply) {
           reply(api::RestAnswer{std::string(rest)});
         }});
    return service;
  }

  http::Response send(http::Request request) {
    request.headers.push_back({"Authorization", std::string(kKnownClient)});
    request.headers.push_back({"X-Amz-Date", "20260101T000000Z"});
    http::Response answer;
    front_end_.handle(std::move(request), [&](http::Response response) { answer = response; });
    return answer;
  }
  http::Response post(const std::string& target, const std::string& body) {
    http::Request request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"X-Amz-Target", target}};
    request.body = body;
    return send(std::move(request));
  }
  http::Response get(const std::string& target, const std::string& remote_address = "10.0.0.1") {
    http::Request request;
    request.method = "GET";
    request.target = target;
    request.remote_address = remote_address;
    return send(std::move(request));
  }
  std::vector<audit::Event> events() {
    EXPECT_TRUE(spool_->flush().ok());
    std::vector<audit::Event> all;
    EXPECT_TRUE(spool_
                    ->visit(0,
                            [&](audit::EventNumber, const audit::Event& event) {
                              all.push_back(event);
                              return true;
                            })
                    .ok());
    return all;
  }

  ScriptedGate gate_;
  SystemClock clock_;
  Random random_{1};
  audit::Coverage coverage_;
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(*engine_, {}).value();
  std::shared_ptr<audit::Spool> spool_ =
      audit::Spool::open(*engine_, clock_, random_, coverage_, {}).value();
  const audit::Recorder recorder_{spool_, coverage_, *catalog_,
                                  clock_, random_,   audit::Durability::kAsync};
  std::vector<auth::PrincipalPointer> principals_;

  FrontEndParts parts() {
    FrontEndParts parts;
    api::JsonService tables{"DynamoDB_20120810", "dynamodb", {}};
    tables.operations.push_back(json_operation("ListTables", "ListTablesInput"));
    parts.json_services.push_back(std::move(tables));
    api::JsonService trails{"CloudTrail", "cloudtrail", {}};
    trails.operations.push_back(json_operation("ListTrails", "ListTrailsRequest"));
    trails.plain_error_types = true;
    parts.json_services.push_back(std::move(trails));
    parts.rest_services.push_back(functions());
    parts.write_metrics = [](const auto& done) { done(std::string("page")); };
    parts.recorder = &recorder_;
    parts.gate = &gate_;
    return parts;
  }
  FrontEnd front_end_{{}, random_, parts()};
};

TEST_F(GatedFrontEnd, TellsOperationsWhoAsks) {
  EXPECT_EQ(post("DynamoDB_20120810.ListTables", R"({"Limit":1})").status, 200);
  EXPECT_EQ(get("/2015-03-31/functions").status, 200);
  EXPECT_THAT(principals_, ElementsAre(gate_.principal, gate_.principal));
  EXPECT_THAT(gate_.authenticated, ElementsAre(access::find_action("dynamodb", "ListTables"),
                                               access::find_action("lambda", "ListFunctions")));
  EXPECT_THAT(gate_.authorized, ElementsAre(R"({"Limit":1})", HasSubstr("\"MaxItems\":null")));
}

TEST_F(GatedFrontEnd, WhoIsNotKnownIsRefusedBeforeAnythingIsRead) {
  gate_.knows = false;
  for (const char* body : {"{}", "{", R"({"Limit":0})"}) {
    const auto answer = post("DynamoDB_20120810.ListTables", body);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body, R"({"__type":"com.amazon.coral.service#InvalidSignatureException",)"
                           R"("message":"not signed like that"})");
  }
  EXPECT_EQ(post("CloudTrail.ListTrails", "{}").body,
            R"({"__type":"InvalidSignatureException","message":"not signed like that"})");
  const auto rest = get("/2015-03-31/functions?MaxItems=x");
  EXPECT_EQ(rest.status, 403);
  EXPECT_EQ(rest.header("x-amzn-ErrorType"), "InvalidSignatureException");
  EXPECT_EQ(rest.body, R"({"message":"not signed like that"})");
  EXPECT_THAT(principals_, IsEmpty());
  EXPECT_THAT(gate_.authorized, IsEmpty());
}

TEST_F(GatedFrontEnd, WhatIsNotAllowedIsRefusedAfterItWasChecked) {
  gate_.allows = false;
  EXPECT_THAT(post("DynamoDB_20120810.ListTables", R"({"Limit":0})").body,
              HasSubstr("#ValidationException"));
  EXPECT_THAT(gate_.authorized, IsEmpty());
  const auto answer = post("DynamoDB_20120810.ListTables", "{}");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, R"({"__type":"com.amazon.coral.service#AccessDeniedException",)"
                         R"("Message":"denied"})");
  const auto rest = get("/2015-03-31/functions");
  EXPECT_EQ(rest.status, 403);
  EXPECT_EQ(rest.header("x-amzn-ErrorType"), "AccessDeniedException");
  EXPECT_THAT(principals_, IsEmpty());
}

TEST_F(GatedFrontEnd, UnknownOperationsAreToldToThoseWhoAreKnown) {
  EXPECT_THAT(post("DynamoDB_20120810.Nothing", "{}").body, HasSubstr("UnknownOperation"));
  EXPECT_EQ(get("/2015-03-31/nothing").status, 404);
  EXPECT_THAT(gate_.authenticated, ElementsAre(nullptr, nullptr));
  gate_.knows = false;
  EXPECT_THAT(post("DynamoDB_20120810.Nothing", "{}").body, HasSubstr("InvalidSignature"));
  EXPECT_EQ(get("/2015-03-31/nothing").status, 403);
}

TEST_F(GatedFrontEnd, WhatIsRefusedIsInTheTrail) {
  gate_.knows = false;
  (void)post("DynamoDB_20120810.ListTables", R"({"Limit":1})");
  gate_.knows = true;
  gate_.allows = false;
  (void)get("/2015-03-31/functions");
  const auto recorded = events();
  ASSERT_EQ(recorded.size(), 2u);
  EXPECT_EQ(recorded[0].event_name, "ListTables");
  EXPECT_EQ(recorded[0].error_code, "InvalidSignatureException");
  EXPECT_EQ(recorded[0].error_message, "not signed like that");
  EXPECT_EQ(recorded[0].identity.access_key_id, "AKIACLAIMED");
  EXPECT_EQ(recorded[1].error_code, "AccessDeniedException");
}

TEST_F(GatedFrontEnd, OpenToEverybody) {
  gate_.knows = false;
  EXPECT_EQ(get("/").status, 200);
  EXPECT_EQ(get("/health").status, 200);
  EXPECT_EQ(get("/2015-03-31/get/code").status, 200);
  EXPECT_THAT(gate_.authenticated, IsEmpty());
}

TEST_F(GatedFrontEnd, MetricsAreForTheMachineItself) {
  for (const char* own : {"127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(get("/metrics", own).body, "page") << own;
  }
  for (const char* other : {"10.0.0.1", "::2", "1127.0.0.1", ""}) {
    EXPECT_EQ(get("/metrics", other).status, 403) << other;
  }
  FrontEndParts open = parts();
  open.open_metrics = true;
  FrontEnd front_end({}, random_, std::move(open));
  http::Request request;
  request.method = "GET";
  request.target = "/metrics";
  request.remote_address = "10.0.0.1";
  http::Response answer;
  front_end.handle(std::move(request), [&](http::Response response) { answer = response; });
  EXPECT_EQ(answer.status, 200);
}

}  // namespace
}  // namespace millrace::wire
