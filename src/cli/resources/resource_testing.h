// One resource against a server that is not there, for tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "cli/client/answer.h"
#include "cli/resources/fake_services_testing.h"
#include "cli/resources/resource.h"

namespace millrace::cli::resources {

inline Node parsed(const std::string& json) {
  const auto document = json::Document::parse(json);
  MILLRACE_CHECK(document.ok());
  return node_of(root_of(*document));
}

class ResourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(::testing::TempDir()) /
                 ("millrace-resource-" + std::to_string(getpid()));
    std::filesystem::create_directories(directory_);
    write("handler.mjs", "export const handler = async () => {};\n");
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / name) << text;
  }

  Result<std::unique_ptr<Resource>> make(const std::string& type, const std::string& properties) {
    return make_resource({.logical_id = "Thing",
                          .type = type,
                          .properties = parsed(properties),
                          .path = "Resources.Thing.Properties"},
                         {.stack_name = "demo",
                          .directory = directory_,
                          .region = "r",
                          .account_id = "123456789012",
                          .grants = grants_});
  }

  // Compares and applies: the changes in words, each with what was called for it.
  std::vector<std::string> deploy(const std::string& type, const std::string& properties) {
    auto resource = make(type, properties);
    if (!resource.ok()) return {resource.error().message};
    const auto decision = (*resource)->compare(client_);
    if (!decision.ok()) return {decision.error().message};
    if (decision->action == Action::kKeep) return {};
    const auto attributes = (*resource)->apply(client_);
    if (!attributes.ok()) return {attributes.error().message};
    attributes_ = *attributes;
    std::vector<std::string> told = decision->changes;
    for (const std::string& change : services_.take_changes()) told.push_back(change);
    return told;
  }

  FakeServices services_;
  const Connection connection_ = services_.connection();
  const SystemClock clock_;
  ServiceClient client_{connection_, clock_};
  std::filesystem::path directory_;
  Attributes attributes_;
  std::vector<Grant> grants_;  // of the other resources
};

}  // namespace millrace::cli::resources
