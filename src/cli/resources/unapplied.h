// Resource types that templates have around tables and functions, and that this server has nothing
// to keep in: checked, named, and not applied.
#pragma once

#include "cli/resources/resource.h"

namespace millrace::cli::resources {

class Unapplied final : public Resource {
 public:
  // Whether it is one of these types.
  [[nodiscard]] static bool is_type(std::string_view type);
  [[nodiscard]] static Result<std::unique_ptr<Resource>> make(const Declaration& declaration,
                                                              const Setting& setting);

  Result<Decision> compare(ServiceClient& client) override;
  // Never called: there is nothing to apply.
  Result<Attributes> apply(ServiceClient& client) override;

 private:
  explicit Unapplied(Decision decision) : decision_(std::move(decision)) {}

  const Decision decision_;
};

}  // namespace millrace::cli::resources
