#include "iam/aws_managed_policies.h"

#include "auth/digest.h"
#include "base/check.h"

namespace millrace::iam {
namespace {

struct Row {
  std::string_view path;
  std::string_view name;
  std::string_view description;
  std::string_view document;
};

// 2026-11-22
constexpr int64_t kCreatedSeconds = 1'795'305'600;

constexpr Row kRows[] = {
    {"/", "AdministratorAccess", "Everything.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":"*","Resource":"*"}]})"},

    {"/", "PowerUserAccess", "Everything but users, groups, roles and policies.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","NotAction":"iam:*","Resource":"*"},
{"Effect":"Allow","Action":"iam:ListRoles","Resource":"*"}]})"},

    {"/", "ReadOnlyAccess", "Reads everything, and changes nothing.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":[
"dynamodb:BatchGet*","dynamodb:Describe*","dynamodb:Get*","dynamodb:List*","dynamodb:PartiQLSelect",
"dynamodb:Query","dynamodb:Scan",
"lambda:Describe*","lambda:Get*","lambda:List*",
"cloudtrail:Describe*","cloudtrail:Get*","cloudtrail:List*","cloudtrail:LookupEvents",
"logs:Describe*","logs:FilterLogEvents","logs:Get*","logs:List*","logs:TestMetricFilter",
"iam:Generate*","iam:Get*","iam:List*","iam:Simulate*",
"sts:GetAccessKeyInfo","sts:GetCallerIdentity","sts:GetSessionToken"],"Resource":"*"}]})"},

    {"/", "AmazonDynamoDBFullAccess",
     "Everything of tables and streams, and the triggers of functions that are there.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["dynamodb:*","lambda:CreateEventSourceMapping",
"lambda:DeleteEventSourceMapping","lambda:GetEventSourceMapping","lambda:GetFunctionConfiguration",
"lambda:ListEventSourceMappings","lambda:ListFunctions","iam:GetRole","iam:ListRoles"],
"Resource":"*"},
{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringLike":{
"iam:PassedToService":["dynamodb.amazonaws.com","lambda.amazonaws.com"]}}}]})"},

    {"/", "AmazonDynamoDBFullAccess_v2", "Everything of tables and streams.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}]})"},

    {"/", "AmazonDynamoDBReadOnlyAccess", "Reads tables and streams.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["dynamodb:BatchGetItem","dynamodb:Describe*","dynamodb:Get*",
"dynamodb:List*","dynamodb:PartiQLSelect","dynamodb:Query","dynamodb:Scan"],"Resource":"*"}]})"},

    {"/", "AWSLambda_FullAccess", "Everything of functions, and what they log.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["lambda:*","iam:GetPolicy","iam:GetPolicyVersion","iam:GetRole",
"iam:GetRolePolicy","iam:ListAttachedRolePolicies","iam:ListRolePolicies","iam:ListRoles",
"dynamodb:ListStreams","dynamodb:ListTables","logs:DescribeLogGroups"],"Resource":"*"},
{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{
"iam:PassedToService":"lambda.amazonaws.com"}}},
{"Effect":"Allow","Action":["logs:DescribeLogStreams","logs:FilterLogEvents","logs:GetLogEvents"],
"Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/*"}]})"},

    {"/", "AWSLambda_ReadOnlyAccess", "Reads functions, and what they log.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["lambda:Describe*","lambda:Get*","lambda:List*","iam:GetPolicy",
"iam:GetPolicyVersion","iam:GetRole","iam:GetRolePolicy","iam:ListAttachedRolePolicies",
"iam:ListRolePolicies","iam:ListRoles","dynamodb:ListStreams","dynamodb:ListTables",
"logs:DescribeLogGroups"],"Resource":"*"},
{"Effect":"Allow","Action":["logs:DescribeLogStreams","logs:FilterLogEvents","logs:GetLogEvents"],
"Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/*"}]})"},

    {"/service-role/", "AWSLambdaBasicExecutionRole", "What a function needs to log.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],
"Resource":"*"}]})"},

    {"/service-role/", "AWSLambdaDynamoDBExecutionRole",
     "What a function needs to log and to read streams.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["dynamodb:DescribeStream","dynamodb:GetRecords",
"dynamodb:GetShardIterator","dynamodb:ListStreams","logs:CreateLogGroup","logs:CreateLogStream",
"logs:PutLogEvents"],"Resource":"*"}]})"},

    {"/service-role/", "AWSLambdaRole", "Calls functions.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}]})"},

    {"/", "AWSLambdaExecute", "Everything of logs.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":"logs:*","Resource":"*"}]})"},

    {"/", "AWSCloudTrail_FullAccess", "Everything of the audit trail.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["cloudtrail:*","logs:CreateLogGroup","iam:GetRolePolicy","iam:GetUser",
"iam:ListRoles","lambda:ListFunctions","dynamodb:ListStreams","dynamodb:ListTables"],
"Resource":"*"},
{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{
"iam:PassedToService":"cloudtrail.amazonaws.com"}}}]})"},

    {"/", "AWSCloudTrail_ReadOnlyAccess", "Reads the audit trail.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["cloudtrail:Describe*","cloudtrail:Get*","cloudtrail:List*",
"cloudtrail:LookupEvents"],"Resource":"*"}]})"},

    {"/", "CloudWatchLogsFullAccess", "Everything of logs.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":"logs:*","Resource":"*"}]})"},

    {"/", "CloudWatchLogsReadOnlyAccess", "Reads logs.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["logs:Describe*","logs:FilterLogEvents","logs:Get*","logs:List*",
"logs:TestMetricFilter"],"Resource":"*"}]})"},

    {"/", "IAMFullAccess", "Everything of users, groups, roles and policies.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":"iam:*","Resource":"*"}]})"},

    {"/", "IAMReadOnlyAccess", "Reads users, groups, roles and policies.",
     R"({"Version":"2012-10-17","Statement":[
{"Effect":"Allow","Action":["iam:Generate*","iam:Get*","iam:List*","iam:Simulate*"],
"Resource":"*"}]})"},
};

// The same at every start and on every server.
std::string id_of(std::string_view arn) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const auth::Sha256Digest digest = auth::sha256(arn);
  std::string id = "ANPA";
  for (size_t i = 0; i < 17; ++i) id += kAlphabet[digest[i] % kAlphabet.size()];
  return id;
}

ManagedPolicyPointer make(const Row& row) {
  ManagedPolicy made;
  made.name = row.name;
  made.path = row.path;
  made.arn = std::string(kAwsManagedArnPrefix) + std::string(row.path.substr(1)) + made.name;
  made.id = id_of(made.arn);
  made.created_seconds = made.updated_seconds = kCreatedSeconds;
  made.description = row.description;
  auto read = policy::read_policy(row.document, policy::DocumentKind::kIdentity);
  MILLRACE_CHECK(read.ok());
  made.versions.push_back({"v1", {std::string(row.document), *std::move(read)}, kCreatedSeconds});
  made.default_version = "v1";
  return std::make_shared<const ManagedPolicy>(std::move(made));
}

std::map<std::string, ManagedPolicyPointer> make_all() {
  std::map<std::string, ManagedPolicyPointer> all;
  for (const Row& row : kRows) {
    auto made = make(row);
    all.emplace(made->arn, std::move(made));
  }
  return all;
}

}  // namespace

const std::map<std::string, ManagedPolicyPointer>& aws_managed_policies() {
  static const std::map<std::string, ManagedPolicyPointer> all = make_all();
  return all;
}

}  // namespace millrace::iam
