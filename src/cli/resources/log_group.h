// AWS::Logs::LogGroup.
#pragma once

#include "cli/resources/difference.h"
#include "cli/resources/resource.h"

namespace millrace::cli::resources {

class LogGroup final : public Resource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  LogGroup(std::string name, Node wanted, std::string arn)
      : name_(std::move(name)), wanted_(std::move(wanted)), arn_(std::move(arn)) {}

  [[nodiscard]] Attributes attributes() const;
  // Null: there is none.
  [[nodiscard]] Result<Node> find_current(ServiceClient& client) const;

  const std::string name_;
  const Node wanted_;  // {RetentionInDays}, or {}
  const std::string arn_;
  // Of compare().
  bool exists_ = false;
  std::vector<Difference> changes_;
};

}  // namespace millrace::cli::resources
