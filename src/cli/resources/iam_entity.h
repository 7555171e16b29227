// AWS::IAM::Role, AWS::IAM::User and AWS::IAM::Group.
#pragma once

#include "cli/resources/difference.h"
#include "cli/resources/iam_calls.h"
#include "cli/resources/resource.h"

namespace millrace::cli::resources {

// What differs between the three.
struct IamEntityType;

// What neither its declaration nor a grant of the setting gives it is taken away: policies, groups,
// tags.
class IamEntity final : public Resource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);
  // Those that are known before it is made, of a declaration whose other properties may be missing.
  // Empty for another type, and when its name or its path is not known.
  [[nodiscard]] static Attributes expected_attributes(const Declaration& declaration,
                                                      const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  IamEntity(const IamEntityType& type, Grantee self, Node wanted, Attributes attributes,
            std::vector<Grant> grants)
      : type_(type),
        self_(std::move(self)),
        wanted_(std::move(wanted)),
        attributes_(std::move(attributes)),
        grants_(std::move(grants)) {}

  // Of what the server tells, in the form of wanted_.
  Result<Node> describe(ServiceClient& client, const Node& entity) const;
  [[nodiscard]] bool is_granted(std::string_view property, std::string_view value) const;
  void take_id(const Node& entity);
  Status create(ServiceClient& client);
  Status update(ServiceClient& client);
  Status update_role(ServiceClient& client);
  Status set_boundary(ServiceClient& client);
  Status set_policies(ServiceClient& client);
  Status set_attached(ServiceClient& client);
  Status set_groups(ServiceClient& client);

  const IamEntityType& type_;
  const Grantee self_;
  // Every property of the type but its name, with its default:
  //   AssumeRolePolicyDocument, Policies {NAME: document}  canonical
  //   ManagedPolicyArns, Groups                            in order
  //   Tags                                                 {KEY: VALUE}
  const Node wanted_;
  Attributes attributes_;
  const std::vector<Grant> grants_;  // to it
  // Of compare(); null: there is none.
  Node current_;
  std::vector<Difference> changes_;
};

}  // namespace millrace::cli::resources
