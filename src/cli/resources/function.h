// AWS::Lambda::Function.
#pragma once

#include <optional>

#include "cli/resources/difference.h"
#include "cli/resources/resource.h"

namespace millrace::cli::resources {

class Function final : public Resource {
 public:
  // `Code` is a path, or {ZipFile: text}; packs it. Runtime and Handler may be absent when the code
  // tells them.
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  Function(std::string name, std::string zip, Node wanted, std::string arn)
      : name_(std::move(name)),
        zip_(std::move(zip)),
        wanted_(std::move(wanted)),
        arn_(std::move(arn)) {}

  [[nodiscard]] Attributes attributes() const;
  Status create(ServiceClient& client);
  Status update_code(ServiceClient& client);
  Status update_configuration(ServiceClient& client);
  Status set_concurrency(ServiceClient& client);
  Status await_ready(ServiceClient& client);

  const std::string name_;
  const std::string zip_;
  // Every property, with its default; Environment is a map of its variables, Tags one of texts.
  const Node wanted_;
  std::string arn_;
  // Of compare().
  bool exists_ = false;
  Node tags_ = Node::map();
  std::vector<Difference> changes_;
};

}  // namespace millrace::cli::resources
