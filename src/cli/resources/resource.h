// Something that is to be there, whatever is there now.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/client/service_client.h"
#include "cli/resources/node.h"

namespace millrace::cli::resources {

struct Declaration {
  std::string logical_id;
  std::string type;  // "AWS::DynamoDB::Table"
  Node properties;   // without intrinsic functions; unknown values may be among them
  std::string path;  // "Resources.Table.Properties", for messages
};

// What a resource gives to a user, group or role that is declared apart from it.
struct Grant {
  std::string kind;  // "User", "Group" or "Role"
  std::string name;
  std::string property;  // that it adds to: "Policies", "ManagedPolicyArns" or "Groups"
  std::string value;     // the name of an inline policy or a group, the ARN of a managed policy
};

// What resources are declared in.
struct Setting {
  std::string stack_name;
  std::filesystem::path directory;  // what paths in properties are relative to
  std::string region;
  std::string account_id;
  std::vector<Grant> grants = {};  // of all its resources
};

// By name: what Fn::GetAtt gives, and "Ref". Unknown values where they come with the making.
using Attributes = std::map<std::string, Node, std::less<>>;

enum class Action {
  kCreate,
  kUpdate,
  kKeep,
  kSkip,  // the server has nothing to keep it in
};

struct Decision {
  Action action = Action::kKeep;
  std::string name;                       // as the server knows it
  std::vector<std::string> changes = {};  // in words
  Attributes attributes = {};             // that it has then
};

class Resource {
 public:
  virtual ~Resource() = default;
  // Looks at what is there. InvalidConfiguration for a change that needs a replacement.
  virtual Result<Decision> compare(ServiceClient& client) = 0;
  // Makes it so, after compare() said kCreate or kUpdate; the attributes that it has now.
  virtual Result<Attributes> apply(ServiceClient& client) = 0;
};

// Checks the properties. InvalidConfiguration, naming place and path, for a type that is not known
// and for what does not fit it.
[[nodiscard]] Result<std::unique_ptr<Resource>> make_resource(const Declaration& declaration,
                                                              const Setting& setting);
// Whether make_resource() knows it.
[[nodiscard]] bool is_resource_type(std::string_view type);

// The property that names it, else STACK-LogicalId. A fault when it is unknown.
[[nodiscard]] Result<std::string> name_of(const Declaration& declaration, const Setting& setting,
                                          std::string_view property);
// With a body.
[[nodiscard]] Call call_of(std::string_view operation, const Node& body,
                           std::string_view target_prefix = kDynamoDbPrefix);

}  // namespace millrace::cli::resources
