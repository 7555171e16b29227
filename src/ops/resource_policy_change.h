// A change of the policy of a table or stream, made in the lanes of the table.
#pragma once

#include <optional>
#include <string>

#include "ops/resource_policy_request.h"
#include "ops/table_change.h"

namespace millrace::ops {

class ResourcePolicyChange : public TableChange {
 public:
  ResourcePolicyChange(const Call& call, const catalog::Table& table, PolicyOwner owner,
                       Reply reply);

 protected:
  // What takes the place of `current`, which may be nullptr; nullptr for none.
  virtual catalog::ResourcePolicyPointer changed(const catalog::ResourcePolicyPointer& current,
                                                 int64_t now_milliseconds) = 0;
  // Of the answer; empty: it has none.
  virtual std::string revision_id() const = 0;

 private:
  Status apply(LaneBatches batches, catalog::Table& table, catalog::Change& change) final;
  std::string response(const catalog::Table& table) final;

  const catalog::Catalog& catalog_;
  const PolicyOwner owner_;
  const std::optional<std::string> expected_revision_id_;
};

}  // namespace millrace::ops
