#include <algorithm>
#include <array>
#include <span>

#include "audit/request_description.h"

namespace millrace::audit {
namespace {

using enum Category;
using enum RequestForm;

constexpr bool kReads = true;
constexpr bool kWrites = false;

constexpr RequestKind data(std::string_view operation, bool read_only, RequestForm form,
                           std::string_view model = "dynamodb") {
  return {
      "dynamodb.amazonaws.com", operation, "2012-08-10", kData, read_only, form, model, operation};
}

constexpr RequestKind table(std::string_view operation, bool read_only,
                            std::string_view model = "dynamodb") {
  return {"dynamodb.amazonaws.com",
          operation,
          "2012-08-10",
          kManagement,
          read_only,
          kWhole,
          model,
          operation};
}

constexpr RequestKind trail(std::string_view operation, bool read_only,
                            std::string_view model = "cloudtrail", RequestForm form = kWhole) {
  return {"cloudtrail.amazonaws.com",
          operation,
          "2013-11-01",
          kManagement,
          read_only,
          form,
          model,
          operation};
}

constexpr RequestKind logs(std::string_view operation, bool read_only) {
  return {"logs.amazonaws.com",
          operation,
          "20140328",
          kManagement,
          read_only,
          kWhole,
          "logs",
          operation};
}

constexpr RequestKind iam(std::string_view operation, bool read_only) {
  return {"iam.amazonaws.com", operation, "2010-05-08", kManagement,
          read_only,           kWhole,    "iam",        operation};
}

// CloudTrail has them all as reads.
constexpr RequestKind sts(std::string_view operation) {
  return {
      "sts.amazonaws.com", operation, "2011-06-15", kManagement, kReads, kWhole, "sts", operation};
}

constexpr RequestKind function(std::string_view operation, std::string_view event_name,
                               bool read_only, std::string_view model = "lambda") {
  return {"lambda.amazonaws.com",
          event_name,
          "2015-03-31",
          kManagement,
          read_only,
          kWhole,
          model,
          operation};
}

constexpr RequestKind invocation(std::string_view operation) {
  return {
      "lambda.amazonaws.com", operation, "2015-03-31", kData, kWrites, kItem, "lambda", operation};
}

constexpr auto kDynamoDb = std::to_array<RequestKind>({
    data("PutItem", kWrites, kItem),
    data("GetItem", kReads, kItem),
    data("UpdateItem", kWrites, kItem),
    data("Query", kReads, kItem),
    data("DeleteItem", kWrites, kItem),
    data("Scan", kReads, kItem),
    data("BatchGetItem", kReads, kBatchGet),
    data("BatchWriteItem", kWrites, kBatchWrite),
    data("TransactGetItems", kReads, kTransaction),
    data("TransactWriteItems", kWrites, kTransaction),
    // A statement may read or write, whatever it does.
    data("ExecuteStatement", kWrites, kStatement),
    data("BatchExecuteStatement", kWrites, kStatements),
    data("ExecuteTransaction", kWrites, kTransactionStatements),
    table("CreateTable", kWrites),
    table("DeleteResourcePolicy", kWrites),
    table("DeleteTable", kWrites),
    table("DescribeEndpoints", kReads),
    table("DescribeLimits", kReads),
    table("DescribeTable", kReads),
    table("DescribeTimeToLive", kReads),
    table("GetResourcePolicy", kReads),
    table("ListTables", kReads),
    table("ListTagsOfResource", kReads),
    table("PutResourcePolicy", kWrites),
    table("TagResource", kWrites),
    table("UntagResource", kWrites),
    table("UpdateTable", kWrites),
    table("UpdateTimeToLive", kWrites),
});

constexpr auto kDynamoDbStreams = std::to_array<RequestKind>({
    data("GetRecords", kReads, kItem, "dynamodbstreams"),
    data("GetShardIterator", kReads, kItem, "dynamodbstreams"),
    table("DescribeStream", kReads, "dynamodbstreams"),
    table("ListStreams", kReads, "dynamodbstreams"),
});

// Of Millrace's own operations, those that do more than show statistics.
constexpr auto kMillrace = std::to_array<RequestKind>({
    table("SplitTable", kWrites, "millrace"),
    function("ReplayEventSourceMapping", "ReplayEventSourceMapping", kWrites, "millrace"),
    {"dynamodb.amazonaws.com", "GetRecords", "2012-08-10", kData, kReads, kItem, "millrace",
     "GetStreamRecords"},
    trail("RotateTrailKey", kWrites, "millrace"),
    trail("DescribeTrailBucket", kReads, "millrace"),
    trail("FindItemEvents", kReads, "millrace", kItem),
});

constexpr auto kCloudTrail = std::to_array<RequestKind>({
    trail("AddTags", kWrites),
    trail("CancelQuery", kWrites),
    trail("CreateEventDataStore", kWrites),
    trail("CreateTrail", kWrites),
    trail("DeleteEventDataStore", kWrites),
    trail("DeleteTrail", kWrites),
    trail("DescribeQuery", kReads),
    trail("DescribeTrails", kReads),
    trail("GetEventDataStore", kReads),
    trail("GetEventSelectors", kReads),
    trail("GetInsightSelectors", kReads),
    trail("GetQueryResults", kReads),
    trail("GetTrail", kReads),
    trail("GetTrailStatus", kReads),
    trail("ListEventDataStores", kReads),
    trail("ListPublicKeys", kReads),
    trail("ListQueries", kReads),
    trail("ListTags", kReads),
    trail("ListTrails", kReads),
    trail("LookupEvents", kReads),
    trail("PutEventSelectors", kWrites),
    trail("PutInsightSelectors", kWrites),
    trail("RemoveTags", kWrites),
    trail("RestoreEventDataStore", kWrites),
    trail("StartEventDataStoreIngestion", kWrites),
    trail("StartLogging", kWrites),
    trail("StartQuery", kReads),
    trail("StopEventDataStoreIngestion", kWrites),
    trail("StopLogging", kWrites),
    trail("UpdateEventDataStore", kWrites),
    trail("UpdateTrail", kWrites),
});

// PutLogEvents, GetLogEvents and FilterLogEvents, which carry the logs themselves, are not
// recorded.
constexpr auto kLogs = std::to_array<RequestKind>({
    logs("CreateLogGroup", kWrites),
    logs("CreateLogStream", kWrites),
    logs("DeleteLogGroup", kWrites),
    logs("DeleteLogStream", kWrites),
    logs("DeleteRetentionPolicy", kWrites),
    logs("DescribeLogGroups", kReads),
    logs("DescribeLogStreams", kReads),
    logs("ListTagsForResource", kReads),
    logs("ListTagsLogGroup", kReads),
    logs("PutRetentionPolicy", kWrites),
    logs("TagLogGroup", kWrites),
    logs("TagResource", kWrites),
    logs("TestMetricFilter", kReads),
    logs("UntagLogGroup", kWrites),
    logs("UntagResource", kWrites),
});

constexpr auto kLambda = std::to_array<RequestKind>({
    invocation("Invoke"),
    invocation("InvokeAsync"),
    function("AddPermission", "AddPermission20150331v2", kWrites),
    function("CreateAlias", "CreateAlias20150331", kWrites),
    function("CreateEventSourceMapping", "CreateEventSourceMapping20150331", kWrites),
    function("CreateFunction", "CreateFunction20150331", kWrites),
    function("DeleteAlias", "DeleteAlias20150331", kWrites),
    function("DeleteEventSourceMapping", "DeleteEventSourceMapping20150331", kWrites),
    function("DeleteFunction", "DeleteFunction20150331", kWrites),
    function("DeleteFunctionConcurrency", "DeleteFunctionConcurrency20171031", kWrites),
    function("DeleteFunctionEventInvokeConfig", "DeleteFunctionEventInvokeConfig", kWrites),
    function("GetAccountSettings", "GetAccountSettings20160819", kReads),
    function("GetAlias", "GetAlias20150331", kReads),
    function("GetEventSourceMapping", "GetEventSourceMapping20150331", kReads),
    function("GetFunction", "GetFunction20150331v2", kReads),
    function("GetFunctionConcurrency", "GetFunctionConcurrency20190930", kReads),
    function("GetFunctionConfiguration", "GetFunctionConfiguration20150331v2", kReads),
    function("GetFunctionEventInvokeConfig", "GetFunctionEventInvokeConfig", kReads),
    function("GetPolicy", "GetPolicy20150331v2", kReads),
    function("ListAliases", "ListAliases20150331", kReads),
    function("ListEventSourceMappings", "ListEventSourceMappings20150331", kReads),
    function("ListFunctionEventInvokeConfigs", "ListFunctionEventInvokeConfigs", kReads),
    function("ListFunctions", "ListFunctions20150331", kReads),
    function("ListTags", "ListTags20170331", kReads),
    function("ListVersionsByFunction", "ListVersionsByFunction20150331", kReads),
    function("PublishVersion", "PublishVersion20150331", kWrites),
    function("PutFunctionConcurrency", "PutFunctionConcurrency20171031", kWrites),
    function("PutFunctionEventInvokeConfig", "PutFunctionEventInvokeConfig", kWrites),
    function("RemovePermission", "RemovePermission20150331v2", kWrites),
    function("TagResource", "TagResource20170331v2", kWrites),
    function("UntagResource", "UntagResource20170331v2", kWrites),
    function("UpdateAlias", "UpdateAlias20150331", kWrites),
    function("UpdateEventSourceMapping", "UpdateEventSourceMapping20150331", kWrites),
    function("UpdateFunctionCode", "UpdateFunctionCode20150331v2", kWrites),
    function("UpdateFunctionConfiguration", "UpdateFunctionConfiguration20150331v2", kWrites),
    function("UpdateFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig", kWrites),
});

constexpr auto kIam = std::to_array<RequestKind>({
    iam("AddUserToGroup", kWrites),
    iam("AttachGroupPolicy", kWrites),
    iam("AttachRolePolicy", kWrites),
    iam("AttachUserPolicy", kWrites),
    iam("CreateAccessKey", kWrites),
    iam("CreateAccountAlias", kWrites),
    iam("CreateGroup", kWrites),
    iam("CreatePolicy", kWrites),
    iam("CreatePolicyVersion", kWrites),
    iam("CreateRole", kWrites),
    iam("CreateUser", kWrites),
    iam("DeleteAccessKey", kWrites),
    iam("DeleteAccountAlias", kWrites),
    iam("DeleteGroup", kWrites),
    iam("DeleteGroupPolicy", kWrites),
    iam("DeletePolicy", kWrites),
    iam("DeletePolicyVersion", kWrites),
    iam("DeleteRole", kWrites),
    iam("DeleteRolePermissionsBoundary", kWrites),
    iam("DeleteRolePolicy", kWrites),
    iam("DeleteUser", kWrites),
    iam("DeleteUserPermissionsBoundary", kWrites),
    iam("DeleteUserPolicy", kWrites),
    iam("DetachGroupPolicy", kWrites),
    iam("DetachRolePolicy", kWrites),
    iam("DetachUserPolicy", kWrites),
    iam("GetAccessKeyLastUsed", kReads),
    iam("GetAccountAuthorizationDetails", kReads),
    iam("GetAccountSummary", kReads),
    iam("GetContextKeysForCustomPolicy", kReads),
    iam("GetContextKeysForPrincipalPolicy", kReads),
    iam("GetGroup", kReads),
    iam("GetGroupPolicy", kReads),
    iam("GetPolicy", kReads),
    iam("GetPolicyVersion", kReads),
    iam("GetRole", kReads),
    iam("GetRolePolicy", kReads),
    iam("GetUser", kReads),
    iam("GetUserPolicy", kReads),
    iam("ListAccessKeys", kReads),
    iam("ListAccountAliases", kReads),
    iam("ListAttachedGroupPolicies", kReads),
    iam("ListAttachedRolePolicies", kReads),
    iam("ListAttachedUserPolicies", kReads),
    iam("ListEntitiesForPolicy", kReads),
    iam("ListGroupPolicies", kReads),
    iam("ListGroups", kReads),
    iam("ListGroupsForUser", kReads),
    iam("ListPolicies", kReads),
    iam("ListPolicyTags", kReads),
    iam("ListPolicyVersions", kReads),
    iam("ListRolePolicies", kReads),
    iam("ListRoleTags", kReads),
    iam("ListRoles", kReads),
    iam("ListUserPolicies", kReads),
    iam("ListUserTags", kReads),
    iam("ListUsers", kReads),
    iam("PutGroupPolicy", kWrites),
    iam("PutRolePermissionsBoundary", kWrites),
    iam("PutRolePolicy", kWrites),
    iam("PutUserPermissionsBoundary", kWrites),
    iam("PutUserPolicy", kWrites),
    iam("RemoveUserFromGroup", kWrites),
    iam("SetDefaultPolicyVersion", kWrites),
    iam("SimulateCustomPolicy", kReads),
    iam("SimulatePrincipalPolicy", kReads),
    iam("TagPolicy", kWrites),
    iam("TagRole", kWrites),
    iam("TagUser", kWrites),
    iam("UntagPolicy", kWrites),
    iam("UntagRole", kWrites),
    iam("UntagUser", kWrites),
    iam("UpdateAccessKey", kWrites),
    iam("UpdateAssumeRolePolicy", kWrites),
    iam("UpdateGroup", kWrites),
    iam("UpdateRole", kWrites),
    iam("UpdateRoleDescription", kWrites),
    iam("UpdateUser", kWrites),
});

constexpr auto kSts = std::to_array<RequestKind>({
    sts("AssumeRole"),
    sts("GetAccessKeyInfo"),
    sts("GetCallerIdentity"),
    sts("GetFederationToken"),
    sts("GetSessionToken"),
});

std::span<const RequestKind> kinds_of(std::string_view model) {
  if (model == "dynamodb") return kDynamoDb;
  if (model == "dynamodbstreams") return kDynamoDbStreams;
  if (model == "lambda") return kLambda;
  if (model == "logs") return kLogs;
  if (model == "cloudtrail") return kCloudTrail;
  if (model == "millrace") return kMillrace;
  if (model == "iam") return kIam;
  if (model == "sts") return kSts;
  return {};
}

}  // namespace

const RequestKind* find_request_kind(std::string_view model, std::string_view operation) {
  const auto kinds = kinds_of(model);
  const auto found = std::ranges::find(kinds, operation, &RequestKind::operation);
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace millrace::audit
