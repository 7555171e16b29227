// AWS::Lambda::Permission.
#pragma once

#include "cli/resources/difference.h"
#include "cli/resources/resource.h"

namespace millrace::cli::resources {

// A statement of the policy of a function, found by its id, STACK-LogicalId.
class Permission final : public Resource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  Permission(std::string id, std::string function, Node wanted)
      : id_(std::move(id)), function_(std::move(function)), wanted_(std::move(wanted)) {}

  [[nodiscard]] Attributes attributes() const;
  // In the form of wanted_; null: there is none.
  Result<Node> find_current(ServiceClient& client) const;

  const std::string id_;
  const std::string function_;  // its name or its ARN
  // {Action, Principal, SourceArn …}; the principal as the statement has it.
  const Node wanted_;
  // Of compare().
  bool exists_ = false;
};

}  // namespace millrace::cli::resources
