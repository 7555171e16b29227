#include "triggers/destination_arn.h"

#include <algorithm>
#include <array>

#include "buckets/names.h"

namespace millrace::triggers {
namespace {

constexpr std::string_view kEventBusPrefix = "event-bus/";
constexpr std::string_view kFunctionPrefix = "function:";

// As they all have them: of queues, topics, event buses and functions.
bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_.$:/").find(c) != std::string_view::npos;
  });
}

bool is_region(std::string_view region) {
  return !region.empty() && std::ranges::all_of(region, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_account(std::string_view account) {
  return !account.empty() &&
         std::ranges::all_of(account, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<DestinationKind> kind_of(std::string_view service) {
  if (service == "s3") return DestinationKind::kBucket;
  if (service == "sqs") return DestinationKind::kQueue;
  if (service == "sns") return DestinationKind::kTopic;
  if (service == "events") return DestinationKind::kEventBus;
  if (service == "lambda") return DestinationKind::kFunction;
  return std::nullopt;
}

bool is_valid(const DestinationArn& arn) {
  switch (arn.kind) {
    case DestinationKind::kBucket:
      return arn.region.empty() && arn.account_id.empty() && buckets::is_bucket_name(arn.name);
    case DestinationKind::kFunction:
      return is_name(arn.name) && arn.name.starts_with(kFunctionPrefix) && is_region(arn.region) &&
             is_account(arn.account_id);
    default:
      return is_name(arn.name) && is_region(arn.region) && is_account(arn.account_id) &&
             arn.name.find_first_of(":$") == std::string::npos;
  }
}

}  // namespace

std::optional<DestinationArn> parse_destination_arn(std::string_view text) {
  DestinationArn arn;
  arn.text = text;
  std::array<std::string_view, 5> fields;
  for (std::string_view& field : fields) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    field = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  const auto kind = kind_of(fields[2]);
  if (fields[0] != "arn" || !fields[1].starts_with("aws") || !kind) return std::nullopt;
  arn.kind = *kind;
  arn.region = fields[3];
  arn.account_id = fields[4];
  if (arn.kind == DestinationKind::kEventBus) {
    if (!text.starts_with(kEventBusPrefix)) return std::nullopt;
    text.remove_prefix(kEventBusPrefix.size());
  }
  arn.name = text;
  if (!is_valid(arn)) return std::nullopt;
  return arn;
}

}  // namespace millrace::triggers
