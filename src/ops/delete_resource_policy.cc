#include "ops/delete_resource_policy.h"

#include "ops/resource_policy_change.h"

namespace millrace::ops {
namespace {

class PolicyDeletion final : public ResourcePolicyChange {
 public:
  using ResourcePolicyChange::ResourcePolicyChange;

 private:
  catalog::ResourcePolicyPointer changed(const catalog::ResourcePolicyPointer& current,
                                         int64_t /*now_milliseconds*/) override {
    revision_id_ = current ? current->revision_id : "";
    return nullptr;
  }
  std::string revision_id() const override { return revision_id_; }

  std::string revision_id_;  // of what is no more
};

struct DeleteRequest {
  PolicyOwner owner;
  catalog::TablePointer table;
};

Result<DeleteRequest> read_delete(const Call& call) {
  DeleteRequest request;
  request.owner = TRY(read_policy_owner(call));
  request.table = TRY(find_owner_table(call.database.catalog, request.owner));
  if (request.owner.is_stream()) {
    (void)TRY(find_owner_stream(call.database.catalog, request.owner, *request.table));
  }
  return request;
}

}  // namespace

void delete_resource_policy(const Call& call, Reply reply) {
  auto request = read_delete(call);
  if (!request.ok()) return reply(std::move(request).error());
  call.database.joint_writes.submit(std::make_unique<PolicyDeletion>(
      call, *request->table, std::move(request->owner), std::move(reply)));
}

}  // namespace millrace::ops
