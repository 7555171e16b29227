#include "cli/resources/unapplied.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/resources/shape.h"

namespace millrace::cli::resources {

namespace {

constexpr Property kInlinePolicyProperties[] = {{"PolicyName", &kText, Need::kRequired},
                                                {"PolicyDocument", &kDocument, Need::kRequired}};
constexpr Shape kInlinePolicy = structure(kInlinePolicyProperties);
constexpr Shape kInlinePolicies = list_of(kInlinePolicy);

constexpr Property kRoleProperties[] = {
    {"AssumeRolePolicyDocument", &kDocument, Need::kRequired},
    {"Description", &kText},
    {"ManagedPolicyArns", &kTexts},
    {"MaxSessionDuration", &kInteger},
    {"Path", &kText},
    {"PermissionsBoundary", &kText},
    {"Policies", &kInlinePolicies},
    {"RoleName", &kText},
    {"Tags", &kTags},
};
constexpr Property kPolicyProperties[] = {
    {"Groups", &kTexts},
    {"PolicyDocument", &kDocument, Need::kRequired},
    {"PolicyName", &kText, Need::kRequired},
    {"Roles", &kTexts},
    {"Users", &kTexts},
};
constexpr Property kManagedPolicyProperties[] = {
    {"Description", &kText},
    {"Groups", &kTexts},
    {"ManagedPolicyName", &kText},
    {"Path", &kText},
    {"PolicyDocument", &kDocument, Need::kRequired},
    {"Roles", &kTexts},
    {"Users", &kTexts},
};
constexpr Property kPermissionProperties[] = {
    {"Action", &kText, Need::kRequired},
    {"EventSourceToken", &kText},
    {"FunctionName", &kText, Need::kRequired},
    {"FunctionUrlAuthType", &kText},
    {"Principal", &kText, Need::kRequired},
    {"PrincipalOrgID", &kText},
    {"SourceAccount", &kText},
    {"SourceArn", &kText},
};
constexpr Property kTrailProperties[] = {
    {"AdvancedEventSelectors", &kDocument},
    {"CloudWatchLogsLogGroupArn", &kText},
    {"CloudWatchLogsRoleArn", &kText},
    {"EnableLogFileValidation", &kBoolean},
    {"EventSelectors", &kDocument},
    {"IncludeGlobalServiceEvents", &kBoolean},
    {"InsightSelectors", &kDocument},
    {"IsLogging", &kBoolean, Need::kRequired},
    {"IsMultiRegionTrail", &kBoolean},
    {"IsOrganizationTrail", &kBoolean},
    {"KMSKeyId", &kText},
    {"S3BucketName", &kText, Need::kRequired},
    {"S3KeyPrefix", &kText},
    {"SnsTopicName", &kText},
    {"Tags", &kTags},
    {"TrailName", &kText},
};
constexpr Property kBucketProperties[] = {
    {"AccessControl", &kText},
    {"BucketEncryption", &kDocument},
    {"BucketName", &kText},
    {"LifecycleConfiguration", &kDocument},
    {"ObjectLockConfiguration", &kDocument},
    {"ObjectLockEnabled", &kBoolean},
    {"OwnershipControls", &kDocument},
    {"PublicAccessBlockConfiguration", &kDocument},
    {"Tags", &kTags},
    {"VersioningConfiguration", &kDocument},
};
constexpr Property kBucketPolicyProperties[] = {{"Bucket", &kText, Need::kRequired},
                                                {"PolicyDocument", &kDocument, Need::kRequired}};

struct Type {
  std::string_view name;
  Shape shape;
  std::string_view name_property;  // empty: it has no name of its own
  // Of its ARN, with {0} for the region, {1} for the account and {2} for the name.
  std::string_view arn;
  const char* why;
};

constexpr const char* kNoAccessControl = "not applied: this server has no access control yet";
constexpr const char* kNoTrails = "not applied: this server has no audit trails yet";
constexpr const char* kNoBuckets = "not applied: this server makes a bucket when it writes to it";

constexpr auto kTypes = std::to_array<Type>({
    {"AWS::IAM::Role", structure(kRoleProperties), "RoleName", "arn:aws:iam::{1}:role/{2}",
     kNoAccessControl},
    {"AWS::IAM::Policy", structure(kPolicyProperties), "PolicyName", "", kNoAccessControl},
    {"AWS::IAM::ManagedPolicy", structure(kManagedPolicyProperties), "ManagedPolicyName",
     "arn:aws:iam::{1}:policy/{2}", kNoAccessControl},
    {"AWS::Lambda::Permission", structure(kPermissionProperties), "", "", kNoAccessControl},
    {"AWS::CloudTrail::Trail", structure(kTrailProperties), "TrailName",
     "arn:aws:cloudtrail:{0}:{1}:trail/{2}", kNoTrails},
    {"AWS::S3::Bucket", structure(kBucketProperties), "BucketName", "arn:aws:s3:::{2}", kNoBuckets},
    {"AWS::S3::BucketPolicy", structure(kBucketPolicyProperties), "", "", kNoAccessControl},
});

}  // namespace

bool Unapplied::is_type(std::string_view type) {
  return std::ranges::find(kTypes, type, &Type::name) != kTypes.end();
}

Result<std::unique_ptr<Resource>> Unapplied::make(const Declaration& declaration,
                                                  const Setting& setting) {
  const auto type = std::ranges::find(kTypes, declaration.type, &Type::name);
  MILLRACE_CHECK(type != kTypes.end());
  TRY(shaped(declaration.properties, type->shape, declaration.path));
  const std::string name = TRY(name_of(declaration, setting, type->name_property));
  Decision decision{Action::kSkip, name, {type->why}, {{"Ref", Node::of_text(name)}}};
  if (!type->arn.empty()) {
    decision.attributes.emplace(
        "Arn", Node::of_text(
                   fmt::format(fmt::runtime(type->arn), setting.region, setting.account_id, name)));
  }
  return std::unique_ptr<Resource>(new Unapplied(std::move(decision)));
}

Result<Decision> Unapplied::compare(ServiceClient& /*client*/) {
  return decision_;
}

Result<Attributes> Unapplied::apply(ServiceClient& /*client*/) {
  return decision_.attributes;
}

}  // namespace millrace::cli::resources
