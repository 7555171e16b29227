// AWS::Lambda::EventSourceMapping.
#pragma once

#include "cli/resources/difference.h"
#include "cli/resources/resource.h"

namespace millrace::cli::resources {

// It is found by its stream and its function. Without a StartingPosition a new one begins at
// LATEST, and one that is there stays where it is.
class Mapping final : public Resource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  Mapping(std::string name, Node wanted, Node starting_position)
      : name_(std::move(name)),
        wanted_(std::move(wanted)),
        starting_position_(std::move(starting_position)) {}

  [[nodiscard]] Attributes attributes() const;
  [[nodiscard]] Result<Node> find_current(ServiceClient& client) const;
  Status create(ServiceClient& client);
  Status update(ServiceClient& client);

  const std::string name_;
  // Every property with its default but StartingPosition; Tags is a map of texts.
  const Node wanted_;
  const Node starting_position_;
  // Of compare(); null: there is none.
  Node current_;
  Node tags_ = Node::map();
  std::vector<Difference> changes_;
};

// The settings of a mapping, as a template or the API has it, with the defaults of those it does
// not have.
[[nodiscard]] Node mapping_settings(const Node& mapping);

}  // namespace millrace::cli::resources
