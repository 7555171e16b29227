#include "ops/resource_policy_request.h"

#include <fmt/format.h>

#include "ops/input.h"
#include "ops/table_request.h"
#include "ops/tag_request.h"

namespace millrace::ops {
namespace {

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

Error invalid(std::string_view what) {
  return validation_error(fmt::format("{}{}", kInvalid, what));
}

bool is_index_arn(std::string_view arn) {
  const size_t table = arn.find(":table/");
  return table != std::string_view::npos && arn.find("/index/", table) != std::string_view::npos;
}

Status check_site(const catalog::Site& site, std::string_view arn, std::string_view region,
                  std::string_view account_id) {
  if (account_id != site.account_id) {
    return validation_error(
        "This action is only supported by accounts that match the resource owner\u2019s account.");
  }
  if (region != site.region || !arn.starts_with("arn:aws:")) {
    return invalid(fmt::format("Invalid resource Arn: {}", arn));
  }
  return Done{};
}

std::string name_of(const PolicyOwner& owner) {
  return owner.is_stream() ? "stream " + owner.stream_label : "table " + owner.table_name;
}

}  // namespace

Result<PolicyOwner> read_policy_owner(const Call& call) {
  PolicyOwner owner;
  owner.arn = TRY(read_resource_arn(call.input));
  const catalog::Site& site = call.database.catalog.site();
  if (const auto table = catalog::parse_table_arn(owner.arn)) {
    TRY(check_site(site, owner.arn, table->region, table->account_id));
    owner.table_name = table->table_name;
    return owner;
  }
  if (const auto stream = catalog::parse_stream_arn(owner.arn)) {
    TRY(check_site(site, owner.arn, stream->region, stream->account_id));
    owner.table_name = stream->table_name;
    owner.stream_label = stream->stream_label;
    return owner;
  }
  if (is_index_arn(owner.arn)) {
    return invalid(fmt::format(
        "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: "
        "{}",
        owner.arn));
  }
  return invalid(fmt::format("Provided Arn is not a DynamoDB resource arn: {}", owner.arn));
}

Result<catalog::TablePointer> find_owner_table(const catalog::Catalog& catalog,
                                               const PolicyOwner& owner) {
  auto table = catalog.find_table(owner.table_name);
  if (!table) return table_not_found(owner.table_name);
  return table;
}

Result<catalog::StreamPointer> find_owner_stream(const catalog::Catalog& catalog,
                                                 const PolicyOwner& owner,
                                                 const catalog::Table& table) {
  auto stream = catalog.find_stream(owner.table_name, owner.stream_label);
  if (stream && stream->table_id == table.id) return stream;
  return Error{ErrorCode::kResourceNotFoundException,
               fmt::format("Requested resource not found: Stream: {} not found for Table: {}",
                           owner.stream_label, owner.table_name)};
}

Status check_revision(const PolicyOwner& owner, const catalog::ResourcePolicyPointer& current,
                      const std::optional<std::string>& expected) {
  const auto mismatch = [](std::string_view what) {
    return Error{
        ErrorCode::kPolicyNotFoundException,
        fmt::format("Resource-based policy not found for the provided ResourceArn: {}", what)};
  };
  if (!expected) return Done{};
  if (!current) {
    if (*expected == kNoPolicy) return Done{};
    return mismatch(fmt::format(
        "Requested update for policy with revision id {}, but {} has no associated policy.",
        *expected, name_of(owner)));
  }
  if (*expected == current->revision_id) return Done{};
  if (*expected == kNoPolicy) {
    return mismatch(
        fmt::format("Requested policy update expecting none to be present for {}, but a policy "
                    "exists with revision id {}.",
                    name_of(owner), current->revision_id));
  }
  return mismatch(
      fmt::format("Requested update for policy with revision id {}, but the policy associated to "
                  "target {} has revision id {}.",
                  *expected, name_of(owner), current->revision_id));
}

Error policy_not_found(std::string_view arn) {
  return {ErrorCode::kPolicyNotFoundException,
          fmt::format("Resource-based policy not found for the provided ResourceArn: {}", arn)};
}

}  // namespace millrace::ops
