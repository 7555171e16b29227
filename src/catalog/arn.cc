#include "catalog/arn.h"

#include <array>

#include <fmt/format.h>

namespace millrace::catalog {
namespace {

struct Resource {
  static constexpr size_t kPathMax = 4;

  std::string_view region;
  std::string_view account_id;
  std::array<std::string_view, kPathMax> path;
  size_t path_size = 0;  // more than kPathMax: it is longer than what is kept of it
};

// "arn:partition:dynamodb:region:account:a/b/c"; the resource itself may hold colons.
std::optional<Resource> parse_resource(std::string_view arn) {
  std::array<std::string_view, 5> fields;
  for (std::string_view& field : fields) {
    const size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    field = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  const bool known_partition = fields[1] == "aws" || fields[1].starts_with("aws-");
  if (fields[0] != "arn" || !known_partition || fields[2] != "dynamodb" || fields[3].empty() ||
      fields[4].empty()) {
    return std::nullopt;
  }
  Resource resource{fields[3], fields[4], {}};
  while (resource.path_size < Resource::kPathMax) {
    const size_t slash = arn.find('/');
    resource.path[resource.path_size++] = arn.substr(0, slash);
    if (slash == std::string_view::npos) return resource;
    arn.remove_prefix(slash + 1);
  }
  ++resource.path_size;
  return resource;
}

}  // namespace

std::string table_arn(const Site& site, std::string_view table_name) {
  return fmt::format("arn:aws:dynamodb:{}:{}:table/{}", site.region, site.account_id, table_name);
}

std::string index_arn(const Site& site, std::string_view table_name, std::string_view index_name) {
  return fmt::format("{}/index/{}", table_arn(site, table_name), index_name);
}

std::string stream_arn(const Site& site, std::string_view table_name,
                       std::string_view stream_label) {
  return table_arn(site, table_name) + "/stream/" + std::string(stream_label);
}

std::optional<TableArn> parse_table_arn(std::string_view arn) {
  auto resource = parse_resource(arn);
  if (!resource || resource->path_size != 2 || resource->path[0] != "table" ||
      resource->path[1].empty()) {
    return std::nullopt;
  }
  return TableArn{std::string(resource->region), std::string(resource->account_id),
                  std::string(resource->path[1])};
}

std::optional<StreamArn> parse_stream_arn(std::string_view arn) {
  auto resource = parse_resource(arn);
  if (!resource || resource->path_size != 4 || resource->path[0] != "table" ||
      resource->path[1].empty() || resource->path[2] != "stream" || resource->path[3].empty()) {
    return std::nullopt;
  }
  return StreamArn{std::string(resource->region), std::string(resource->account_id),
                   std::string(resource->path[1]), std::string(resource->path[3])};
}

}  // namespace millrace::catalog
