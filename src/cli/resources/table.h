// AWS::DynamoDB::Table.
#pragma once

#include "cli/resources/difference.h"
#include "cli/resources/resource.h"

namespace millrace::cli::resources {

class Table final : public Resource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  Table(std::string name, Node wanted, std::string arn, Node properties)
      : name_(std::move(name)),
        wanted_(std::move(wanted)),
        arn_(std::move(arn)),
        properties_(std::move(properties)) {}

  [[nodiscard]] Attributes attributes() const;
  [[nodiscard]] Status check_replacement() const;
  [[nodiscard]] Result<Node> describe(ServiceClient& client) const;
  [[nodiscard]] Node new_body() const;
  Status create(ServiceClient& client);
  Status update(ServiceClient& client, const Node& body);
  Status update_throughput(ServiceClient& client);
  Status update_stream(ServiceClient& client);
  Status update_indexes(ServiceClient& client);
  Status set_time_to_live(ServiceClient& client);
  Status set_tags(ServiceClient& client);
  Status set_policies(ServiceClient& client);
  Status set_policy(ServiceClient& client, const std::string& arn, const Node* document) const;
  Status take_description(ServiceClient& client);
  // Until it and its indexes are active.
  Status await_active(ServiceClient& client);

  const std::string name_;
  const Node wanted_;  // in the form of table_state.h
  std::string arn_;
  const Node properties_;  // as declared, for places
  // Of compare(); null: there is none.
  Node current_;
  std::string stream_arn_;
  std::vector<Difference> changes_;
};

}  // namespace millrace::cli::resources
