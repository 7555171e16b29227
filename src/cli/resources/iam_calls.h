// Calls of IAM's API that more than one resource makes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/client/service_client.h"
#include "cli/resources/node.h"
#include "cli/resources/resource.h"

namespace millrace::cli::resources {

// With the members of a map as parameters: {"Tags": [{"Key": "team"}]} is Tags.member.1.Key=team.
[[nodiscard]] Result<Node> call_iam(ServiceClient& client, std::string_view operation,
                                    const Node& body);
// Null instead of NoSuchEntity.
[[nodiscard]] Result<Node> find_in_iam(ServiceClient& client, std::string_view operation,
                                       const Node& body);
// The items of that member of all pages; none instead of NoSuchEntity.
[[nodiscard]] Result<std::vector<Node>> list_in_iam(ServiceClient& client,
                                                    std::string_view operation, Node body,
                                                    std::string_view member);
// Makes the tags from `from` to `to`, both maps, of what `owner` names: {"RoleName": …}.
[[nodiscard]] Status change_iam_tags(ServiceClient& client, const char* tag_operation,
                                     const char* untag_operation, const Node& owner,
                                     const Node& from, const Node& to);

// Who can have policies.
struct Grantee {
  std::string kind;  // "User", "Group" or "Role"
  std::string name;

  // {"RoleName": name}
  [[nodiscard]] Node body() const;
};

// Its inline policies: the canonical documents by their names. None when it is not there.
[[nodiscard]] Result<Node> inline_policies(ServiceClient& client, const Grantee& grantee);
// The canonical document; null when it or the grantee is not there.
[[nodiscard]] Result<Node> inline_policy(ServiceClient& client, const Grantee& grantee,
                                         const std::string& name);
[[nodiscard]] Status put_inline_policy(ServiceClient& client, const Grantee& grantee,
                                       const std::string& name, const Node& document);
[[nodiscard]] Status delete_inline_policy(ServiceClient& client, const Grantee& grantee,
                                          const std::string& name);
// ARNs, in order.
[[nodiscard]] Result<Node> attached_policies(ServiceClient& client, const Grantee& grantee);
[[nodiscard]] Status attach_policy(ServiceClient& client, const Grantee& grantee,
                                   const std::string& arn);
[[nodiscard]] Status detach_policy(ServiceClient& client, const Grantee& grantee,
                                   const std::string& arn);

// "arn:aws:iam::ACCOUNT:role/PATH/NAME"; `type` is "role", "policy" …
[[nodiscard]] std::string iam_arn(const Setting& setting, std::string_view type,
                                  std::string_view path, std::string_view name);
// A list of texts in order, each once.
[[nodiscard]] Node sorted_texts(Node list);
// Whether the list has the text.
[[nodiscard]] bool has_text(const Node& list, std::string_view text);

}  // namespace millrace::cli::resources
