// The functions of templates: Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::Select, Fn::Split, Fn::If,
// Fn::FindInMap, Fn::Base64.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "cli/deploy/parameters.h"
#include "cli/resources/node.h"
#include "cli/resources/resource.h"

namespace millrace::cli::deploy {

// What names stand for.
struct Scope {
  ParameterValues parameters;
  resources::Node mappings = resources::Node::map();
  std::map<std::string, bool, std::less<>> conditions;
  // Of the resources so far, by logical id.
  std::map<std::string, resources::Attributes, std::less<>> attributes;
  // Those whose condition does not hold.
  std::set<std::string, std::less<>> left_out;
  std::string region;
  std::string account_id;
  std::string stack_name;
};

// The node without functions; nullopt for AWS::NoValue, which takes its member or item away. What
// depends on an attribute that is not known yet is unknown. InvalidConfiguration, naming place and
// path, for a function that is not supported, wrong arguments and unknown names.
[[nodiscard]] Result<std::optional<resources::Node>> resolve(const resources::Node& node,
                                                             const Scope& scope,
                                                             const std::string& path);

// Every condition of the section. InvalidConfiguration for what is none, and a cycle.
[[nodiscard]] Status evaluate_conditions(const resources::Node& section, Scope& scope);

// The names that Ref, Fn::GetAtt and Fn::Sub refer to, whatever they are of.
[[nodiscard]] std::set<std::string> references_of(const resources::Node& node);

}  // namespace millrace::cli::deploy
