// A template against a server.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/client/service_client.h"
#include "cli/deploy/intrinsics.h"
#include "cli/deploy/template.h"
#include "cli/resources/resource.h"

namespace millrace::cli::deploy {

struct DeploymentOptions {
  std::filesystem::path file;
  std::string stack_name;  // empty: the name of the file's directory
  std::map<std::string, std::string> parameters;
  std::string region;  // of the connection, until the server tells
};

struct PlannedResource {
  std::string logical_id;
  std::string type;
  resources::Decision decision;
};

class Deployment {
 public:
  // Reads the template and asks the server for its account. InvalidConfiguration for whatever can
  // be found wrong without looking at the resources.
  [[nodiscard]] static Result<Deployment> open(ServiceClient& client,
                                               const DeploymentOptions& options);

  // What there is to do, in its order. Changes nothing.
  [[nodiscard]] Result<std::vector<PlannedResource>> plan();
  // Does it, and calls `told` for each resource that is made or changed. What it did before an
  // error stays done.
  template <typename Told>
  Status apply(Told told) {
    scope_.attributes.clear();
    for (const size_t index : order_) {
      PlannedResource resource{
          template_.resources[index].logical_id, template_.resources[index].type, {}};
      TRY(apply(index, resource.decision));
      told(resource);
    }
    return Done{};
  }
  // Names and values of Outputs, after plan() or apply().
  [[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> outputs() const;

  [[nodiscard]] const std::string& stack_name() const { return setting_.stack_name; }

 private:
  Deployment(ServiceClient& client, Template declared, Scope scope, resources::Setting setting)
      : client_(&client),
        template_(std::move(declared)),
        scope_(std::move(scope)),
        setting_(std::move(setting)) {}

  Status prepare();
  Result<std::unique_ptr<resources::Resource>> make(size_t index) const;
  Status apply(size_t index, resources::Decision& decision);

  ServiceClient* client_;
  Template template_;
  Scope scope_;
  resources::Setting setting_;
  std::vector<size_t> order_;  // of template_.resources, without those left out
};

// "demo" of demo/template.yaml, in the characters that a stack's name may have.
[[nodiscard]] std::string default_stack_name(const std::filesystem::path& file);

}  // namespace millrace::cli::deploy
