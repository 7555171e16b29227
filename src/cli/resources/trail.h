// AWS::CloudTrail::Trail.
#pragma once

#include "cli/resources/difference.h"
#include "cli/resources/resource.h"

namespace millrace::cli::resources {

class Trail final : public Resource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  Trail(std::string name, Node wanted, std::string arn)
      : name_(std::move(name)), wanted_(std::move(wanted)), arn_(std::move(arn)) {}

  [[nodiscard]] Attributes attributes() const;
  [[nodiscard]] Node named(const char* member) const;
  // In the form of wanted_; null: there is none.
  Result<Node> describe(ServiceClient& client) const;
  Status put_settings(ServiceClient& client, std::string_view operation);
  Status put_selectors(ServiceClient& client);
  Status set_tags(ServiceClient& client);
  Status set_logging(ServiceClient& client);

  const std::string name_;
  // Every property but TrailName with its default, selectors of one of the two kinds; Tags is a map
  // of texts.
  const Node wanted_;
  const std::string arn_;
  // Of compare(); null: there is none.
  Node current_;
  std::vector<Difference> changes_;
};

}  // namespace millrace::cli::resources
