// What the operations on resource-based policies have in common. Messages are the service's.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/resource_policy.h"
#include "ops/call.h"

namespace millrace::ops {

inline constexpr std::string_view kNoPolicy = "NO_POLICY";  // an ExpectedRevisionId

// The table or stream that has the policy.
struct PolicyOwner {
  std::string arn;
  std::string table_name;
  std::string stream_label;  // empty: the table itself

  [[nodiscard]] bool is_stream() const { return !stream_label.empty(); }
};

// Of `ResourceArn`. ValidationException for what is none of a table or stream of this account and
// region; whether there is one, is not asked.
[[nodiscard]] Result<PolicyOwner> read_policy_owner(const Call& call);
// ResourceNotFoundException when its table is not there.
[[nodiscard]] Result<catalog::TablePointer> find_owner_table(const catalog::Catalog& catalog,
                                                             const PolicyOwner& owner);
// ResourceNotFoundException when that table has no such stream.
[[nodiscard]] Result<catalog::StreamPointer> find_owner_stream(const catalog::Catalog& catalog,
                                                               const PolicyOwner& owner,
                                                               const catalog::Table& table);

// A policy that is to be kept. ValidationException for one that the service would not take. It has
// no revision yet.
[[nodiscard]] Result<catalog::ResourcePolicy> read_resource_policy(std::string_view json,
                                                                   bool for_stream);
// AccessDeniedException when the policy denies the principal to change it.
[[nodiscard]] Status check_keeps_access(const catalog::ResourcePolicy& policy,
                                        const auth::Principal& principal, std::string_view arn);

// PolicyNotFoundException unless `expected` is absent or the revision of `current`, which may be
// nullptr.
[[nodiscard]] Status check_revision(const PolicyOwner& owner,
                                    const catalog::ResourcePolicyPointer& current,
                                    const std::optional<std::string>& expected);
[[nodiscard]] Error policy_not_found(std::string_view arn);

}  // namespace millrace::ops
