#include "cli/deploy/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/deploy/parameters.h"
#include "cli/deploy/yaml.h"

namespace millrace::cli::deploy {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view yaml) {
  const auto root = parse_yaml(yaml, "t.yaml");
  if (!root.ok()) return root.error().message;
  auto read = read_template(*root);
  if (!read.ok()) return read.error().message;
  const Status status = expand_serverless(*read);
  return status.ok() ? "" : status.error().message;
}

TEST(TemplateTest, FaultsNameTheirPlace) {
  EXPECT_EQ(refusal("a: 1\n"), "t.yaml:1: a: this section is not supported");
  EXPECT_EQ(refusal("Description: x\n"), "t.yaml:1: Resources is missing");
  EXPECT_EQ(refusal("Resources: {}\n"), "t.yaml:1: Resources: is empty");
  EXPECT_EQ(refusal("Resources:\n  A: {Type: AWS::EC2::Instance}\n"),
            "t.yaml:2: Resources.A: the resource type AWS::EC2::Instance is not supported");
  EXPECT_EQ(refusal("Resources:\n  A: {}\n"), "t.yaml:2: Resources.A: Type is missing");
  EXPECT_EQ(refusal("Resources:\n  A-b: {Type: AWS::S3::Bucket}\n"),
            "t.yaml:2: Resources.A-b: the name of a resource has letters and digits only");
  EXPECT_EQ(refusal("Resources:\n  A: {Type: AWS::S3::Bucket,\n   CreationPolicy: {}}\n"),
            "t.yaml:3: Resources.A.CreationPolicy: is not supported");
  EXPECT_EQ(refusal("Transform: X\nResources: {A: {Type: AWS::S3::Bucket}}\n"),
            "t.yaml:1: Transform: only AWS::Serverless-2016-10-31 is supported");
}

constexpr std::string_view kServerless = R"(Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: nodejs20.x
    Timeout: 5
    Environment: {Variables: {A: 1, B: 2}}
Resources:
  OnChange:
    Type: AWS::Serverless::Function
    Condition: Live
    Properties:
      CodeUri: src/
      Handler: index.handler
      Timeout: 9
      Environment: {Variables: {B: 3}}
      Tags: {team: a}
      Policies: [AWSLambdaExecute, {DynamoDBReadPolicy: {TableName: x}}]
      Events:
        Changes:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Table.StreamArn
            StartingPosition: LATEST
            BatchSize: 7
            DestinationConfig: {OnFailure: {Type: SQS, Destination: arn:q}}
  Table:
    Type: AWS::Serverless::SimpleTable
    Properties:
      PrimaryKey: {Name: key, Type: Number}
)";

TEST(ServerlessTest, IsWrittenOut) {
  auto read = read_template(*parse_yaml(kServerless, "t.yaml"));
  ASSERT_TRUE(read.ok());
  const Status status = expand_serverless(*read);
  ASSERT_TRUE(status.ok()) << status.error().message;
  ASSERT_EQ(read->resources.size(), 4U);
  const auto& [role, function, mapping, table] =
      std::tie(read->resources[0], read->resources[1], read->resources[2], read->resources[3]);
  EXPECT_EQ(role.type, "AWS::IAM::Role");
  EXPECT_EQ(role.logical_id, "OnChangeRole");
  EXPECT_EQ(role.condition, "Live");
  EXPECT_EQ(to_json(*role.properties.find("ManagedPolicyArns")),
            R"(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",)"
            R"("arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole",)"
            R"("arn:aws:iam::aws:policy/AWSLambdaExecute"])");
  EXPECT_EQ(function.type, "AWS::Lambda::Function");
  EXPECT_EQ(to_json(function.properties),
            R"({"Code":"src/","Handler":"index.handler","Timeout":"9",)"
            R"("Environment":{"Variables":{"B":"3","A":"1"}},)"
            R"("Tags":[{"Key":"team","Value":"a"}],"Runtime":"nodejs20.x",)"
            R"("Role":{"Fn::GetAtt":["OnChangeRole","Arn"]}})");
  EXPECT_EQ(mapping.logical_id, "OnChangeChanges");
  EXPECT_EQ(mapping.condition, "Live");
  EXPECT_EQ(to_json(mapping.properties),
            R"({"EventSourceArn":{"Fn::GetAtt":"Table.StreamArn"},"StartingPosition":"LATEST",)"
            R"("BatchSize":"7","DestinationConfig":{"OnFailure":{"Destination":"arn:q"}},)"
            R"("FunctionName":{"Ref":"OnChange"}})");
  EXPECT_EQ(table.type, "AWS::DynamoDB::Table");
  EXPECT_EQ(to_json(table.properties),
            R"({"AttributeDefinitions":[{"AttributeName":"key","AttributeType":"N"}],)"
            R"("KeySchema":[{"AttributeName":"key","KeyType":"HASH"}],)"
            R"("BillingMode":"PAY_PER_REQUEST"})");
}

constexpr std::string_view kPolicies = R"(Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: x
      RolePath: /team/
      PermissionsBoundary: arn:b
      Policies:
        - !Ref Shared
        - arn:aws:iam::aws:policy/AWSLambdaExecute
        - AWSLambdaBasicExecutionRole
        - Statement: [{Effect: Allow, Action: 'lambda:*', Resource: '*'}]
        - DynamoDBStreamReadPolicy: {TableName: !Ref Table, StreamName: s}
)";

TEST(ServerlessTest, ARoleHasThePoliciesOfItsFunction) {
  auto read = read_template(*parse_yaml(kPolicies, "t.yaml"));
  ASSERT_TRUE(read.ok());
  const Status status = expand_serverless(*read);
  ASSERT_TRUE(status.ok()) << status.error().message;
  const resources::Node& role = read->resources.front().properties;
  EXPECT_EQ(role.text_of("Path"), "/team/");
  EXPECT_EQ(role.text_of("PermissionsBoundary"), "arn:b");
  EXPECT_EQ(to_json(*role.find("AssumeRolePolicyDocument")),
            R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":)"
            R"({"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]})");
  EXPECT_EQ(to_json(*role.find("ManagedPolicyArns")),
            R"(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",)"
            R"({"Ref":"Shared"},"arn:aws:iam::aws:policy/AWSLambdaExecute"])");
  const auto& policies = role.find("Policies")->items;
  ASSERT_EQ(policies.size(), 2U);
  EXPECT_EQ(policies[0].text_of("PolicyName"), "FRolePolicy0");
  constexpr const char* kValues = R"({"TableName":{"Ref":"Table"},"StreamName":"s"})";
  const std::string streams =
      "dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/stream/";
  EXPECT_EQ(to_json(*policies[1].find("PolicyDocument")),
            R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":)"
            R"(["dynamodb:DescribeStream","dynamodb:GetRecords","dynamodb:GetShardIterator"],)"
            R"("Resource":[{"Fn::Sub":["arn:${AWS::Partition}:)" +
                streams + R"(${StreamName}",)" + kValues +
                R"(]}]},{"Effect":"Allow","Action":["dynamodb:ListStreams"],"Resource":)"
                R"([{"Fn::Sub":["arn:${AWS::Partition}:)" +
                streams + R"(*",)" + kValues + "]}]}]}");
}

TEST(ServerlessTest, FaultsNameTheirPlace) {
  auto function = [](const std::string& properties) {
    return refusal("Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n" +
                   properties);
  };
  EXPECT_EQ(function("      Runtime: x\n"),
            "t.yaml:5: Resources.F.Properties: CodeUri or InlineCode is missing");
  EXPECT_EQ(function("      CodeUri: x\n      Events:\n        A: {Type: S3}\n"),
            "t.yaml:7: Resources.F.Properties.Events.A: the event type 'S3' is not supported, only "
            "DynamoDB");
  EXPECT_EQ(
      function("      CodeUri: x\n      Events:\n        A: {Type: DynamoDB, Properties: {}}\n"),
      "t.yaml:7: Resources.F.Properties.Events.A: Stream is missing");
  EXPECT_EQ(
      function("      CodeUri: x\n      InlineCode: y\n"),
      "t.yaml:6: Resources.F.Properties.InlineCode: CodeUri and InlineCode exclude each other");
  const std::string policies = "      CodeUri: x\n      Policies: ";
  EXPECT_EQ(function(policies + "Everything\n"),
            "t.yaml:6: Resources.F.Properties.Policies: there is no managed policy 'Everything'");
  EXPECT_EQ(function(policies + "{SQSPollerPolicy: {QueueName: q}}\n"),
            "t.yaml:6: Resources.F.Properties.Policies: the policy template SQSPollerPolicy is not "
            "supported");
  EXPECT_EQ(function(policies + "{DynamoDBReadPolicy: {}}\n"),
            "t.yaml:6: Resources.F.Properties.Policies.DynamoDBReadPolicy: TableName is missing");
  EXPECT_EQ(function(policies + "{LambdaInvokePolicy: {FunctionName: f, TableName: t}}\n"),
            "t.yaml:6: Resources.F.Properties.Policies.LambdaInvokePolicy.TableName: there is no "
            "such parameter");
  EXPECT_THAT(refusal("Globals: {Api: {}}\nResources: {A: {Type: AWS::S3::Bucket}}\n"),
              HasSubstr("Globals.Api: is not supported"));
}

std::string values(std::string_view yaml, const std::map<std::string, std::string>& given) {
  const auto read = parameter_values(*parse_yaml(yaml, "t.yaml"), given);
  if (!read.ok()) return read.error().message;
  std::string text;
  for (const auto& [name, value] : *read) text += name + "=" + to_json(value) + " ";
  return text;
}

TEST(ParametersTest, AreGivenOrDefault) {
  EXPECT_EQ(values("A: {Type: String, Default: x}\nB: {Type: Number}\n"
                   "C: {Type: CommaDelimitedList, Default: 'a, b'}\n",
                   {{"B", "5"}}),
            R"(A="x" B="5" C=["a","b"] )");
}

TEST(ParametersTest, AreChecked) {
  EXPECT_EQ(values("A: {Type: String}\n", {}),
            "t.yaml:1: Parameters.A: has no default: give --parameter A=…");
  EXPECT_EQ(values("A: {Type: String, Default: x}\n", {{"B", "1"}}),
            "--parameter B=1: the template has no such parameter");
  EXPECT_EQ(values("A: {Type: Number}\n", {{"A", "x"}}),
            "t.yaml:1: Parameters.A: 'x' is not a number");
  EXPECT_EQ(values("A: {Type: String, AllowedValues: [a, b]}\n", {{"A", "c"}}),
            "t.yaml:1: Parameters.A: 'c' is none of the allowed values: a, b");
  EXPECT_EQ(values("A: {Type: String, AllowedPattern: '[a-z]+',\n  ConstraintDescription: small}\n",
                   {{"A", "C"}}),
            "t.yaml:1: Parameters.A: 'C' does not match [a-z]+: small");
  EXPECT_EQ(values("A: {Type: Number, MaxValue: 3}\n", {{"A", "4"}}),
            "t.yaml:1: Parameters.A: '4' breaks MaxValue 3");
  EXPECT_EQ(values("A: {Type: String, MinLength: 3}\n", {{"A", "ab"}}),
            "t.yaml:1: Parameters.A: 'ab' breaks MinLength 3");
  EXPECT_THAT(values("A: {Type: 'AWS::EC2::VPC::Id'}\n", {}), HasSubstr("is not supported"));
  EXPECT_THAT(values("A: {Type: String, Colour: red}\n", {}), HasSubstr("A.Colour"));
  EXPECT_THAT(values("A: {Type: String, AllowedPattern: '['}\n", {{"A", "x"}}),
              HasSubstr("is not a regular expression"));
}

}  // namespace
}  // namespace millrace::cli::deploy
