#include "catalog/arn.h"

#include <vector>

#include <fmt/format.h>

namespace millrace::catalog {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

struct Resource {
  std::string_view region;
  std::string_view account_id;
  std::vector<std::string_view> path;
};

// "arn:partition:dynamodb:region:account:a/b/c"; the resource itself may hold colons.
std::optional<Resource> parse_resource(std::string_view arn) {
  std::vector<std::string_view> fields;
  for (int i = 0; i < 5; ++i) {
    const size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    fields.push_back(arn.substr(0, colon));
    arn.remove_prefix(colon + 1);
  }
  const bool known_partition = fields[1] == "aws" || fields[1].starts_with("aws-");
  if (fields[0] != "arn" || !known_partition || fields[2] != "dynamodb" || fields[3].empty() ||
      fields[4].empty()) {
    return std::nullopt;
  }
  return Resource{fields[3], fields[4], split(arn, '/')};
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
  if (!resource || resource->path.size() != 2 || resource->path[0] != "table" ||
      resource->path[1].empty()) {
    return std::nullopt;
  }
  return TableArn{std::string(resource->region), std::string(resource->account_id),
                  std::string(resource->path[1])};
}

std::optional<StreamArn> parse_stream_arn(std::string_view arn) {
  auto resource = parse_resource(arn);
  if (!resource || resource->path.size() != 4 || resource->path[0] != "table" ||
      resource->path[1].empty() || resource->path[2] != "stream" || resource->path[3].empty()) {
    return std::nullopt;
  }
  return StreamArn{std::string(resource->region), std::string(resource->account_id),
                   std::string(resource->path[1]), std::string(resource->path[3])};
}

}  // namespace millrace::catalog
