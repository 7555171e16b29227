#include "ops/put_resource_policy.h"

#include <algorithm>
#include <charconv>

#include "ops/input.h"
#include "ops/resource_policy_change.h"

namespace millrace::ops {
namespace {

// Revisions rise, whatever the clock does.
std::string next_revision_id(const catalog::ResourcePolicyPointer& current,
                             int64_t now_milliseconds) {
  int64_t last = 0;
  if (current) {
    const std::string& id = current->revision_id;
    std::from_chars(id.data(), id.data() + id.size(), last);
  }
  return std::to_string(std::max(now_milliseconds, last + 1));
}

class PolicyPut final : public ResourcePolicyChange {
 public:
  PolicyPut(const Call& call, const catalog::Table& table, PolicyOwner owner,
            catalog::ResourcePolicy policy, Reply reply)
      : ResourcePolicyChange(call, table, std::move(owner), std::move(reply)),
        policy_(std::move(policy)) {}

 private:
  // A document that says the same changes nothing.
  catalog::ResourcePolicyPointer changed(const catalog::ResourcePolicyPointer& current,
                                         int64_t now_milliseconds) override {
    if (current && current->json == policy_.json) {
      policy_.revision_id = current->revision_id;
      return current;
    }
    policy_.revision_id = next_revision_id(current, now_milliseconds);
    return std::make_shared<const catalog::ResourcePolicy>(policy_);
  }
  std::string revision_id() const override { return policy_.revision_id; }

  catalog::ResourcePolicy policy_;
};

struct PutRequest {
  PolicyOwner owner;
  catalog::TablePointer table;
  catalog::ResourcePolicy policy;
};

Result<PutRequest> read_put(const Call& call) {
  PutRequest request;
  request.owner = TRY(read_policy_owner(call));
  const std::string json = string_or_empty(call.input, "Policy");
  request.policy = TRY(read_resource_policy(json, request.owner.is_stream()));
  request.table = TRY(find_owner_table(call.database.catalog, request.owner));
  if (request.owner.is_stream()) {
    (void)TRY(find_owner_stream(call.database.catalog, request.owner, *request.table));
  }
  const bool confirmed =
      optional_boolean(call.input, "ConfirmRemoveSelfResourceAccess").value_or(false);
  if (!confirmed && call.principal) {
    TRY(check_keeps_access(request.policy, *call.principal, request.owner.arn));
  }
  return request;
}

}  // namespace

void put_resource_policy(const Call& call, Reply reply) {
  auto request = read_put(call);
  if (!request.ok()) return reply(std::move(request).error());
  call.database.joint_writes.submit(
      std::make_unique<PolicyPut>(call, *request->table, std::move(request->owner),
                                  std::move(request->policy), std::move(reply)));
}

}  // namespace millrace::ops
