// A CloudFormation template, with what a SAM template adds to one written out.
#pragma once

#include <string>
#include <vector>

#include "cli/resources/node.h"

namespace millrace::cli::deploy {

struct TemplateResource {
  std::string logical_id;
  std::string type;
  resources::Node properties;  // a map; functions are not resolved
  std::vector<std::string> depends_on;
  std::string condition;  // empty: none
  std::string place;

  // "Resources.ID.Properties"
  [[nodiscard]] std::string path() const { return "Resources." + logical_id + ".Properties"; }
};

struct Template {
  // Maps, without members when the section is absent.
  resources::Node parameters;
  resources::Node mappings;
  resources::Node conditions;
  resources::Node globals;
  resources::Node outputs;
  std::vector<TemplateResource> resources;  // in the order of the file
};

// Checks its form. InvalidConfiguration, naming the place, for a section, a transform, a resource
// type or an attribute of a resource that is not known.
[[nodiscard]] Result<Template> read_template(const resources::Node& root);

// Writes out the resources of AWS::Serverless (AWS Serverless Application Model): a Function and
// what its events make, its role, and a SimpleTable; Globals are merged in.
[[nodiscard]] Status expand_serverless(Template& declared);

}  // namespace millrace::cli::deploy
