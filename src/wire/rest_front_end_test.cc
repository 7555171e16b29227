#include "wire/rest_front_end.h"

#include <gmock/gmock.h>

#include "json/document.h"

namespace millrace::wire {
namespace {

using ::testing::HasSubstr;

// Operations of Lambda's model that answer with their input.
class RestFrontEndTest : public ::testing::Test {
 protected:
  static api::RestService echo_service() {
    api::RestService service{"lambda", {}, {}};
    for (const char* name : {"CreateFunction", "GetAlias", "Invoke", "ListFunctions",
                             "UntagResource", "InvokeAsync"}) {
      service.operations.push_back({name, [](const api::Request& request, api::RestReply reply) {
                                      api::RestAnswer answer;
                                      answer.body = simdjson::minify(request.input);
                                      answer.headers.emplace_back("payload", request.payload);
                                      reply(std::move(answer));
                                    }});
    }
    service.operations.push_back(
        {"DeleteFunction", [](const api::Request& request, api::RestReply reply) {
           const auto name = json::member(request.input, "FunctionName");
           reply(Error{name->get_string().value() == "gone" ? ErrorCode::kResourceNotFoundException
                                                            : ErrorCode::kInternalServerError,
                       "a reason"});
         }});
    service.downloads.push_back(
        {"/2015-03-31/get/", [](std::string_view rest, api::RestReply reply) {
           reply(api::RestAnswer{std::string(rest), 200, {{"Content-Type", "application/zip"}}});
         }});
    return service;
  }

  http::Response send(const std::string& method, const std::string& target,
                      const std::string& body = "", std::vector<http::Header> headers = {}) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.headers = std::move(headers);
    request.body = body;
    http::Response answer;
    front_end_.handle(request, [&](http::Response response) { answer = std::move(response); });
    return answer;
  }

  Random random_{1};
  const RestFrontEnd front_end_{random_, {echo_service()}, nullptr, nullptr};
};

TEST_F(RestFrontEndTest, MergesPathQueryHeadersAndBody) {
  const auto invoked = send("POST", "/2015-03-31/functions/f%24x-1/invocations?Qualifier=a%2Db",
                            "not JSON", {{"x-amz-log-type", "Tail"}});
  EXPECT_EQ(invoked.status, 400);
  const auto answer = send("POST", "/2015-03-31/functions/f-1/invocations?Qualifier=a%2Db",
                           "not JSON", {{"x-amz-log-type", "Tail"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body,
            R"({"FunctionName":"f-1","Qualifier":"a-b","ClientContext":null,)"
            R"("DurableExecutionName":null,"InvocationType":null,"LogType":"Tail","TenantId":null,)"
            R"("Payload":""})");
  EXPECT_EQ(answer.header("payload"), "not JSON");
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_THAT(std::string(answer.header("x-amzn-RequestId")),
              ::testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                      "[0-9a-f]{12}"));
}

TEST_F(RestFrontEndTest, TypesOfTheQuery) {
  EXPECT_EQ(send("GET", "/2015-03-31/functions/?MaxItems=7&FunctionVersion=ALL").body,
            R"({"FunctionVersion":"ALL","Marker":null,"MasterRegion":null,"MaxItems":7})");
  EXPECT_EQ(send("GET", "/2015-03-31/functions?MaxItems=x").status, 400);
  EXPECT_EQ(send("DELETE",
                 "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af"
                 "?tagKeys=a&tagKeys=b%20c")
                .body,
            R"({"Resource":"arn:aws:lambda:us-east-1:000000000000:function:f",)"
            R"("TagKeys":["a","b c"]})");
}

TEST_F(RestFrontEndTest, MembersBelongWhereTheModelHasThem) {
  const auto answer =
      send("POST", "/2015-03-31/functions/g/invocations?Qualifier=1", R"({"FunctionName":"f"})");
  EXPECT_THAT(answer.body, HasSubstr(R"("FunctionName":"g")"));
  const auto created = send("POST", "/2015-03-31/functions",
                            R"( {"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r"} )");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.body, R"({"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r"})");
}

TEST_F(RestFrontEndTest, BadBodies) {
  for (const char* body : {"x", "[]", "{", R"({"a":1}})", R"({} x)", "{,}", "\xFF"}) {
    const auto answer = send("POST", "/2015-03-31/functions", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.header("x-amzn-ErrorType"), "InvalidRequestContentException") << body;
  }
}

TEST_F(RestFrontEndTest, ViolationsOfTheModel) {
  const auto answer = send("GET", "/2015-03-31/functions/f/aliases/12");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("x-amzn-ErrorType"), "ValidationException");
  EXPECT_EQ(answer.body,
            R"({"message":"1 validation error detected: Value '12' at 'name' failed to satisfy )"
            R"(constraint: Member must satisfy regular expression pattern: )"
            R"re((?!^[0-9]+$)([a-zA-Z0-9-_]+)"})re");
  EXPECT_THAT(send("POST", "/2015-03-31/functions", "{}").body,
              HasSubstr("Value null at 'functionName' failed to satisfy constraint: Member must "
                        "not be null"));
}

TEST_F(RestFrontEndTest, ErrorsHaveTheirStatus) {
  const auto missing = send("DELETE", "/2015-03-31/functions/gone");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.header("x-amzn-ErrorType"), "ResourceNotFoundException");
  EXPECT_EQ(missing.body, R"({"Type":"User","Message":"a reason"})");
  const auto broken = send("DELETE", "/2015-03-31/functions/other");
  EXPECT_EQ(broken.status, 500);
  EXPECT_EQ(broken.header("x-amzn-ErrorType"), "ServiceException");
  EXPECT_THAT(broken.body, ::testing::Not(HasSubstr("a reason")));
}

TEST_F(RestFrontEndTest, UnknownPaths) {
  for (const char* target :
       {"/2015-03-31/nothing", "/2015-03-31/functions/f/g/h", "/2015-03-31/functions//invocations",
        "/2015-03-31/functions/../invocations", "/2015-03-31/functions/./invocations",
        "/2015-03-31/"}) {
    const auto answer = send("POST", target, "{}");
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_EQ(answer.header("x-amzn-ErrorType"), "UnknownOperationException");
  }
  EXPECT_EQ(send("PATCH", "/2015-03-31/functions/f").status, 404);
}

TEST_F(RestFrontEndTest, Downloads) {
  const auto answer = send("GET", "/2015-03-31/get/a%20b?c=d");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "a%20b?c=d");
  EXPECT_EQ(answer.header("Content-Type"), "application/zip");
  EXPECT_EQ(send("POST", "/2015-03-31/get/a").status, 404);
}

TEST(RestPath, BeginsWithADate) {
  EXPECT_TRUE(RestFrontEnd::is_rest_path("/2015-03-31/functions"));
  for (const char* path : {"", "/", "/health", "/2015-03-31", "/2015-0x-31/functions"}) {
    EXPECT_FALSE(RestFrontEnd::is_rest_path(path)) << path;
  }
}

TEST(LargeBody, IsForCodeOnly) {
  EXPECT_TRUE(takes_large_body("POST", "/2015-03-31/functions"));
  EXPECT_TRUE(takes_large_body("POST", "/2015-03-31/functions/?a"));
  EXPECT_TRUE(takes_large_body("PUT", "/2015-03-31/functions/f/code"));
  EXPECT_FALSE(takes_large_body("POST", "/"));
  EXPECT_FALSE(takes_large_body("POST", "/2015-03-31/functions/f/invocations"));
  EXPECT_FALSE(takes_large_body("PUT", "/2015-03-31/functions/f/configuration"));
}

}  // namespace
}  // namespace millrace::wire
