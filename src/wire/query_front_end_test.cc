#include "wire/query_front_end.h"

#include <gmock/gmock.h>

#include "wire/query_xml.h"

namespace millrace::wire {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

// A service of a few operations of IAM's model.
class QueryFrontEndTest : public ::testing::Test {
 protected:
  static api::QueryService echo_service() {
    api::QueryService service{"iam", "2010-05-08", "https://iam.example/doc/", {}};
    service.operations = {
        {"CreateUser", "CreateUserRequest",
         [](const api::Request& request, api::Reply reply) {
           const auto name = json::member(request.input, "UserName")->get_string().value();
           reply(R"({"User":{"UserName":")" + std::string(name) +
                 R"(","Tags":[{"Key":"a"},{"Key":"<&>"}],"None":null,"Empty":[],"Flag":true}})");
         }},
        {"GetAccountSummary", "GetAccountSummaryRequest",
         [](const api::Request&, api::Reply reply) {
           reply(std::string(R"({"SummaryMap":{"entry":[{"key":"Users","value":1},)"
                             R"({"key":"Groups","value":2}]}})"));
         }},
        {"DeleteUser", "DeleteUserRequest",
         [](const api::Request&, api::Reply reply) { reply(std::string()); }},
        {"UpdateRole", "UpdateRoleRequest",
         [](const api::Request&, api::Reply reply) { reply(std::string("{}")); }},
        {"GetUser", "GetUserRequest",
         [](const api::Request& request, api::Reply reply) {
           const auto name = json::member(request.input, "UserName");
           const bool broken = name && name->get_string().value() == "broken";
           reply(broken ? internal_error("the disk's secret")
                        : Error{ErrorCode::kNoSuchEntity, "no <user>"});
         }},
    };
    return service;
  }

  http::Response send(const std::string& body) {
    return send_request("POST", "/", body, "application/x-www-form-urlencoded; charset=utf-8");
  }
  http::Response send_request(const std::string& method, const std::string& target,
                              const std::string& body = "", const std::string& type = "") {
    http::Request request;
    request.method = method;
    request.target = target;
    if (!type.empty()) request.headers.push_back({"Content-Type", type});
    request.body = body;
    http::Response answer;
    front_end_.handle(request, [&](http::Response response) { answer = std::move(response); });
    return answer;
  }
  // Without the id of the request.
  static std::string anonymous(const http::Response& response) {
    std::string body = response.body;
    const size_t begin = body.find("<RequestId>") + 11;
    return body.replace(begin, body.find("</RequestId>") - begin, "*");
  }

  Random random_{1};
  const QueryFrontEnd front_end_{random_, {echo_service()}, nullptr, nullptr};
};

TEST_F(QueryFrontEndTest, AnswersAreXml) {
  const auto answer = send("Action=CreateUser&Version=2010-05-08&UserName=alice");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/xml");
  EXPECT_EQ(anonymous(answer),
            R"(<CreateUserResponse xmlns="https://iam.example/doc/"><CreateUserResult><User>)"
            "<UserName>alice</UserName><Tags><member><Key>a</Key></member>"
            "<member><Key>&lt;&amp;&gt;</Key></member></Tags><Empty/><Flag>true</Flag></User>"
            "</CreateUserResult><ResponseMetadata><RequestId>*</RequestId></ResponseMetadata>"
            "</CreateUserResponse>");
  const std::string id(answer.header("x-amzn-RequestId"));
  EXPECT_THAT(id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                               "[0-9a-f]{12}"));
  EXPECT_THAT(answer.body, HasSubstr("<RequestId>" + id + "</RequestId>"));
}

TEST_F(QueryFrontEndTest, MapsAndOperationsWithoutMembers) {
  EXPECT_THAT(send("Action=GetAccountSummary&Version=2010-05-08").body,
              HasSubstr("<GetAccountSummaryResult><SummaryMap><entry><key>Users</key><value>1"
                        "</value></entry><entry><key>Groups</key><value>2</value></entry>"
                        "</SummaryMap></GetAccountSummaryResult>"));
  EXPECT_EQ(anonymous(send("Action=DeleteUser&Version=2010-05-08&UserName=a")),
            R"(<DeleteUserResponse xmlns="https://iam.example/doc/"><ResponseMetadata>)"
            "<RequestId>*</RequestId></ResponseMetadata></DeleteUserResponse>");
  EXPECT_THAT(send("Action=UpdateRole&Version=2010-05-08&RoleName=a").body,
              HasSubstr("<UpdateRoleResult/>"));
}

TEST_F(QueryFrontEndTest, ErrorsOfOperations) {
  const auto missing = send("Action=GetUser&Version=2010-05-08");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(anonymous(missing),
            R"(<ErrorResponse xmlns="https://iam.example/doc/"><Error><Type>Sender</Type>)"
            "<Code>NoSuchEntity</Code><Message>no &lt;user&gt;</Message></Error>"
            "<RequestId>*</RequestId></ErrorResponse>");
  const auto broken = send("Action=GetUser&Version=2010-05-08&UserName=broken");
  EXPECT_EQ(broken.status, 500);
  EXPECT_THAT(broken.body, HasSubstr("<Type>Receiver</Type><Code>InternalFailure</Code>"));
  EXPECT_THAT(broken.body, ::testing::Not(HasSubstr("secret")));
}

TEST_F(QueryFrontEndTest, UnknownActionsAndVersions) {
  const auto message = [&](const std::string& body) {
    const auto answer = send(body);
    EXPECT_EQ(answer.status, 400);
    EXPECT_THAT(answer.body, HasSubstr("Action</Code>"));
    const size_t begin = answer.body.find("<Message>") + 9;
    return answer.body.substr(begin, answer.body.find("</Message>") - begin);
  };
  EXPECT_EQ(message("Action=Nothing&Version=2010-05-08"),
            "Could not find operation Nothing for version 2010-05-08");
  EXPECT_EQ(message("Action=GetUser"),
            "Could not find operation GetUser for version NO_VERSION_SPECIFIED");
  EXPECT_EQ(message("Action=GetUser&Version=2011-06-15"),
            "Could not find operation GetUser for version 2011-06-15");
  EXPECT_EQ(message("Version=2010-05-08"), "Missing Action");
  EXPECT_EQ(message(""), "Missing Action");
}

TEST_F(QueryFrontEndTest, ViolationsOfTheModel) {
  const auto missing = send("Action=CreateUser&Version=2010-05-08");
  EXPECT_EQ(missing.status, 400);
  EXPECT_THAT(missing.body,
              HasSubstr("<Code>ValidationError</Code><Message>1 validation error detected: Value "
                        "null at 'userName' failed to satisfy constraint: Member must not be null"
                        "</Message>"));
  EXPECT_THAT(send("Action=CreateUser&Version=2010-05-08&UserName=" + std::string(65, 'a')).body,
              HasSubstr("at 'userName' failed to satisfy constraint: Member must have length less "
                        "than or equal to 64"));
  for (const char* name : {"a%20b", "a%2Fb", "%C3%A9", "a%00", "a%0A"}) {
    EXPECT_THAT(
        send(std::string("Action=CreateUser&Version=2010-05-08&UserName=") + name).body,
        HasSubstr("<Code>ValidationError</Code><Message>The specified value for userName is "
                  "invalid. It must contain only alphanumeric characters and/or the following: "
                  "+=,.@_-</Message>"))
        << name;
  }
  EXPECT_THAT(send("Action=CreateUser&Version=2010-05-08&UserName=%FF").body,
              HasSubstr("<Code>MalformedInput</Code>"));
  EXPECT_THAT(send("Action=CreateUser&Version=2010-05-08&UserName=a&Tags=b").body,
              HasSubstr("<Code>MalformedInput</Code><Message>Unexpected list element termination"));
}

TEST_F(QueryFrontEndTest, AnyTextIsXml) {
  const auto answer = send("Action=CreateUser&Version=2010-05-08&UserName=u&Path=%01%3C%0D%22");
  EXPECT_THAT(answer.body, HasSubstr("Value '\xEF\xBF\xBD&lt;&#xD;&quot;' at 'path'"));
}

TEST_F(QueryFrontEndTest, GetsAreAnsweredToo) {
  const auto answer =
      send_request("GET", "/?Action=CreateUser&Version=2010-05-08&UserName=a%2Bb&X-Amz-Date=x");
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("<UserName>a+b</UserName>"));
}

TEST(QueryRequests, AreForms) {
  const auto is_query = [](const std::string& method, const std::string& target,
                           const std::string& type, const std::string& amz_target = "") {
    http::Request request;
    request.method = method;
    request.target = target;
    request.headers = {{"Content-Type", type}, {"X-Amz-Target", amz_target}};
    return QueryFrontEnd::is_query(request);
  };
  const std::string form = "application/x-www-form-urlencoded";
  EXPECT_TRUE(is_query("POST", "/", form));
  EXPECT_TRUE(is_query("POST", "/", "Application/X-WWW-Form-URLEncoded; charset=utf-8"));
  EXPECT_TRUE(is_query("GET", "/?Action=ListUsers", ""));
  EXPECT_TRUE(is_query("GET", "/?Version=1&Action=ListUsers", ""));
  EXPECT_FALSE(is_query("POST", "/", form, "DynamoDB_20120810.ListTables"));
  EXPECT_FALSE(is_query("POST", "/x", form));
  EXPECT_FALSE(is_query("POST", "/", "application/x-amz-json-1.0"));
  EXPECT_FALSE(is_query("GET", "/", ""));
  EXPECT_FALSE(is_query("GET", "/?a=Action", ""));
  EXPECT_FALSE(is_query("GET", "/health?Action=a", ""));
}

// Knows one access key, by which everything is allowed but deleting.
class FakeGate final : public access::Gate {
 public:
  Result<auth::PrincipalPointer> authenticate(const http::Request& request,
                                              const access::Action&) const override {
    return authenticate_unknown(request);
  }
  Result<auth::PrincipalPointer> authenticate_unknown(const http::Request& request) const override {
    if (request.header("authorization") == "good") return auth::service_principal("known");
    return Error{ErrorCode::kInvalidSignatureException, "The signature does not match."};
  }
  Status authorize(const auth::PrincipalPointer& principal, const http::Request& request,
                   const access::Action&, json::Object input) const override {
    EXPECT_EQ(principal->service_name, "known");
    EXPECT_TRUE(json::member(input, "UserName"));
    if (request.body.find("DeleteUser") == std::string::npos) return Done{};
    return Error{ErrorCode::kAccessDeniedException, "no"};
  }
  bool is_enforced() const override { return true; }
};

TEST(QueryGate, StandsBeforeEveryOperation) {
  Random random{1};
  const FakeGate gate;
  std::vector<std::string> callers;
  api::QueryService service{"iam", "2010-05-08", "https://iam.example/doc/", {}};
  const auto run = [&](const api::Request& request, api::Reply reply) {
    callers.push_back(request.principal->service_name);
    reply(std::string());
  };
  service.operations = {{"GetUser", "GetUserRequest", run},
                        {"DeleteUser", "DeleteUserRequest", run}};
  const QueryFrontEnd front_end{random, {service}, nullptr, &gate};
  const auto send = [&](const std::string& authorization, const std::string& body) {
    http::Request request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"Authorization", authorization}};
    request.body = body;
    http::Response answer;
    front_end.handle(request, [&](http::Response response) { answer = std::move(response); });
    return std::to_string(answer.status) + " " + answer.body;
  };
  const std::string get = "Action=GetUser&Version=2010-05-08&UserName=a";
  const std::string remove = "Action=DeleteUser&Version=2010-05-08&UserName=a";
  EXPECT_THAT(send("bad", get), HasSubstr("<Code>SignatureDoesNotMatch</Code>"));
  EXPECT_THAT(send("bad", get + "&UserName.x=y"), HasSubstr("403 "));
  EXPECT_THAT(send("bad", "Action=Nothing&Version=2010-05-08"), HasSubstr("DoesNotMatch</Code>"));
  EXPECT_THAT(send("good", "Action=Nothing&Version=2010-05-08"), HasSubstr("InvalidAction</Code>"));
  EXPECT_THAT(send("good", remove), HasSubstr("<Code>AccessDenied</Code><Message>no</Message>"));
  EXPECT_THAT(send("good", remove + "%20"), HasSubstr("<Code>ValidationError</Code>"));
  EXPECT_TRUE(callers.empty());
  EXPECT_THAT(send("good", get), HasSubstr("200 <GetUserResponse"));
  EXPECT_EQ(callers, std::vector<std::string>{"known"});
}

TEST(QueryErrors, HaveTheNamesOfTheQueryServices) {
  const auto shown = [](ErrorCode code) {
    const Error error{code, "why"};
    const QueryError query = query_error(error);
    return std::string(query.code) + " " + std::to_string(query.status);
  };
  EXPECT_EQ(shown(ErrorCode::kInvalidSignatureException), "SignatureDoesNotMatch 403");
  EXPECT_EQ(shown(ErrorCode::kUnrecognizedClientException), "InvalidClientTokenId 403");
  EXPECT_EQ(shown(ErrorCode::kExpiredTokenException), "ExpiredToken 403");
  EXPECT_EQ(shown(ErrorCode::kAccessDeniedException), "AccessDenied 403");
  EXPECT_EQ(shown(ErrorCode::kMissingAuthenticationTokenException),
            "MissingAuthenticationToken 403");
  EXPECT_EQ(shown(ErrorCode::kIncompleteSignatureException), "IncompleteSignature 400");
  EXPECT_EQ(shown(ErrorCode::kThrottlingException), "Throttling 400");
  EXPECT_EQ(shown(ErrorCode::kLimitExceeded), "LimitExceeded 409");
  EXPECT_EQ(shown(ErrorCode::kMalformedPolicyDocument), "MalformedPolicyDocument 400");
  EXPECT_EQ(shown(ErrorCode::kInternalServerError), "InternalFailure 500");
}

}  // namespace
}  // namespace millrace::wire
