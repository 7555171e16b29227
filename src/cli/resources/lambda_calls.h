// Calls of Lambda's API that more than one command makes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/client/service_client.h"
#include "cli/resources/node.h"

namespace millrace::cli::resources {

// What the mapping follows when its table's stream is disabled and enabled again.
inline constexpr std::string_view kFollowTableTag = "millrace:follow-table";

// "/2015-03-31/functions/NAME" with `rest` behind it; the name is encoded.
[[nodiscard]] std::string function_path(std::string_view name, std::string_view rest = "");
[[nodiscard]] std::string mapping_path(std::string_view uuid);
// Of the API of tags.
[[nodiscard]] std::string tags_path(std::string_view arn);
// "name=value", both encoded, with '&' before it unless it is the first.
void append_query(std::string& query, std::string_view name, std::string_view value);

// What GetFunction answers; nullopt when there is none of that name.
[[nodiscard]] Result<std::optional<Node>> find_function(ServiceClient& client,
                                                        const std::string& name);
// All pages of EventSourceMappings; either may be empty: any.
[[nodiscard]] Result<std::vector<Node>> list_mappings(ServiceClient& client,
                                                      const std::string& event_source_arn,
                                                      const std::string& function);
// That of the stream and the function; null: there is none. Where it is one that `follows` its
// table, also one of an older stream of that table which follows: the server moves it to the next
// stream once it has worked off the old one.
[[nodiscard]] Result<Node> find_mapping(ServiceClient& client, const std::string& stream_arn,
                                        const std::string& function, bool follows);
[[nodiscard]] Result<Node> get_mapping(ServiceClient& client, const std::string& uuid);
// "arn:…:event-source-mapping:UUID"
[[nodiscard]] std::string mapping_arn(const Node& mapping);
// Until it is neither being created, enabled, disabled, updated nor deleted: how it is then.
[[nodiscard]] Result<Node> await_mapping(ServiceClient& client, const std::string& uuid);

// As a map.
[[nodiscard]] Result<Node> list_tags(ServiceClient& client, const std::string& arn);
// Makes the tags from `from` to `to`, both maps.
[[nodiscard]] Status change_tags(ServiceClient& client, const std::string& arn, const Node& from,
                                 const Node& to);

// Parts of an ARN: "arn:PARTITION:SERVICE:REGION:ACCOUNT:REST"; empty for what is none.
[[nodiscard]] std::string arn_part(std::string_view arn, size_t index);
// "music" of "arn:aws:dynamodb:…:table/music/stream/…"; empty for another ARN.
[[nodiscard]] std::string table_of_stream(std::string_view arn);
// "name" or "name:alias" of a function's ARN; a name stays what it is.
[[nodiscard]] std::string function_of_arn(std::string_view arn);

}  // namespace millrace::cli::resources
