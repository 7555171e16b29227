// As much of IAM as the client commands call.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/resources/node.h"

namespace millrace::cli::resources {

struct FakeIamAnswer {
  int status = 200;
  std::string xml;
};

// Users, groups, roles and managed policies, whose documents it does not read. One thread at a
// time.
class FakeIam {
 public:
  // A form. The calls that change something are added to `changes` ("CreateRole worker").
  FakeIamAnswer answer(const std::string& form, std::vector<std::string>& changes);

 private:
  using Parameters = std::map<std::string, std::string>;
  struct Entity {
    Node described = Node::map();
    std::map<std::string, std::string> documents;  // inline policies by name; versions by id
    std::vector<std::string> attached;             // ARNs of policies
    std::vector<std::string> groups;
    int versions = 0;
  };

  FakeIamAnswer create(const std::string& kind, const Parameters& parameters);
  FakeIamAnswer answer_entity(const std::string& kind, const std::string& verb, Entity& entity,
                              const Parameters& parameters);
  FakeIamAnswer answer_policy(const std::string& action, Entity& entity,
                              const Parameters& parameters);

  std::map<std::pair<std::string, std::string>, Entity> entities_;  // by kind and name (ARN)
};

}  // namespace millrace::cli::resources
