#include "cli/resources/unapplied.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "cli/resources/shape.h"

namespace millrace::cli::resources {

namespace {

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

constexpr const char* kNoBuckets = "not applied: this server makes a bucket when it writes to it";
constexpr const char* kNoBucketAccess = "not applied: this server serves no buckets";

constexpr auto kTypes = std::to_array<Type>({
    {"AWS::S3::Bucket", structure(kBucketProperties), "BucketName", "arn:aws:s3:::{2}", kNoBuckets},
    {"AWS::S3::BucketPolicy", structure(kBucketPolicyProperties), "", "", kNoBucketAccess},
});

// A bucket's name has no capital letters.
std::string in_lower_case(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  return name;
}

}  // namespace

bool Unapplied::is_type(std::string_view type) {
  return std::ranges::find(kTypes, type, &Type::name) != kTypes.end();
}

Result<std::unique_ptr<Resource>> Unapplied::make(const Declaration& declaration,
                                                  const Setting& setting) {
  const auto type = std::ranges::find(kTypes, declaration.type, &Type::name);
  MILLRACE_CHECK(type != kTypes.end());
  TRY(shaped(declaration.properties, type->shape, declaration.path));
  std::string name = TRY(name_of(declaration, setting, type->name_property));
  if (declaration.properties.find(type->name_property) == nullptr) name = in_lower_case(name);
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
