#include "logs/arn.h"

#include <fmt/format.h>

#include "logs/input.h"

namespace millrace::logs {
namespace {

constexpr std::string_view kResource = "log-group:";

}  // namespace

std::string log_group_arn(const catalog::Site& site, std::string_view group) {
  return fmt::format("arn:aws:logs:{}:{}:log-group:{}", site.region, site.account_id, group);
}

std::string log_stream_arn(const catalog::Site& site, std::string_view group,
                           std::string_view stream) {
  return fmt::format("{}:log-stream:{}", log_group_arn(site, group), stream);
}

Result<std::string> group_name_of_identifier(const catalog::Site& site,
                                             std::string_view identifier) {
  if (identifier.starts_with("arn:")) return group_name_of_arn(site, identifier);
  return std::string(identifier);
}

Result<std::string> group_name_of_arn(const catalog::Site& site, std::string_view arn) {
  const Error invalid = invalid_parameter(fmt::format("Invalid log group ARN: {}", arn));
  std::string_view rest = arn;
  std::string_view fields[5];
  for (std::string_view& field : fields) {
    const size_t colon = rest.find(':');
    if (colon == std::string_view::npos) return invalid;
    field = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  const auto& [prefix, partition, service, region, account] = fields;
  if (prefix != "arn" || !partition.starts_with("aws") || service != "logs" ||
      !rest.starts_with(kResource)) {
    return invalid;
  }
  rest.remove_prefix(kResource.size());
  if (rest.ends_with(":*")) rest.remove_suffix(2);
  if (rest.empty() || rest.find(':') != std::string_view::npos) return invalid;
  if (region != site.region || account != site.account_id) return no_such_group();
  return std::string(rest);
}

}  // namespace millrace::logs
