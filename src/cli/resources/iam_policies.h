// Policies that are declared apart from those that have them: AWS::IAM::Policy,
// AWS::IAM::ManagedPolicy, and AWS::IAM::UserToGroupAddition, which gives those of a group.
#pragma once

#include "cli/resources/difference.h"
#include "cli/resources/iam_calls.h"
#include "cli/resources/resource.h"

namespace millrace::cli::resources {

// What a declaration of these types gives, as far as it is known before anything is made; its
// properties need not have been checked. Empty for another type.
[[nodiscard]] std::vector<Grant> grants_of(const Declaration& declaration, const Setting& setting);

// An inline policy of each of its users, groups and roles. Gives, and takes from nobody.
class InlinePolicy final : public Resource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  InlinePolicy(std::string name, Node document, std::vector<Grantee> grantees)
      : name_(std::move(name)), document_(std::move(document)), grantees_(std::move(grantees)) {}

  const std::string name_;
  const Node document_;  // canonical
  const std::vector<Grantee> grantees_;
  // Of compare().
  std::vector<Grantee> differing_;
};

// Its document is a new version when it changes; the oldest one goes when there are too many.
// Attached to its users, groups and roles, and detached from nobody.
class ManagedPolicy final : public Resource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  ManagedPolicy(std::string name, std::string arn, Node wanted, std::vector<Grantee> grantees)
      : name_(std::move(name)),
        arn_(std::move(arn)),
        wanted_(std::move(wanted)),
        grantees_(std::move(grantees)) {}

  [[nodiscard]] Attributes attributes() const;
  [[nodiscard]] Node body() const;
  Result<Node> describe(ServiceClient& client, const Node& policy) const;
  Status create(ServiceClient& client);
  Status put_version(ServiceClient& client);

  const std::string name_;
  const std::string arn_;
  const Node wanted_;  // {Description, Path, PolicyDocument}; the document is canonical
  const std::vector<Grantee> grantees_;
  // Of compare().
  bool exists_ = false;
  std::vector<Difference> changes_;
  std::vector<Grantee> without_;  // to whom it is not attached yet
};

class GroupMembers final : public Resource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  GroupMembers(std::string logical_id, std::string group, std::vector<Grantee> users)
      : logical_id_(std::move(logical_id)), group_(std::move(group)), users_(std::move(users)) {}

  const std::string logical_id_;
  const std::string group_;
  const std::vector<Grantee> users_;
  // Of compare().
  std::vector<Grantee> missing_;
};

}  // namespace millrace::cli::resources
