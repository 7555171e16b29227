#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "cli/resources/code_archive.h"
#include "cli/resources/handler.h"
#include "cli/resources/lambda_calls.h"
#include "cli/resources/mapping.h"
#include "cli/resources/shape.h"
#include "cli/trigger/add.h"

namespace millrace::cli::trigger {

namespace {

using resources::Node;

constexpr size_t kFunctionNameBytesMax = 64;

Error refused(std::string text) {
  return {ErrorCode::kInvalidConfiguration, std::move(text)};
}

void set_integer(Node& node, const char* name, std::optional<int64_t> value) {
  if (value) node.set(name, Node::of_integer(*value));
}

void set_text(Node& node, const char* name, const std::optional<std::string>& value) {
  if (value) node.set(name, Node::of_text(*value));
}

Result<std::string> read_filter(const std::string& text) {
  if (!text.starts_with('@')) return text;
  std::ifstream file(text.substr(1), std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file) return refused("--filter: " + text.substr(1) + " cannot be read");
  return content;
}

Status set_filters(Node& properties, const std::vector<std::string>& filters) {
  if (filters.empty()) return Done{};
  properties.erase("FilterCriteria");
  if (filters.size() == 1 && filters.front() == "none") return Done{};
  Node list = Node::list();
  for (const std::string& filter : filters) {
    const std::string pattern = TRY(read_filter(filter));
    const auto document = json::Document::parse(pattern);
    if (!document.ok() || !document->root().is_object()) {
      return refused(fmt::format("--filter: '{}' is not a JSON object", filter));
    }
    Node node = Node::map();
    node.set("Pattern", Node::of_text(simdjson::minify(document->root())));
    list.items.push_back(std::move(node));
  }
  Node criteria = Node::map();
  criteria.set("Filters", std::move(list));
  properties.set("FilterCriteria", std::move(criteria));
  return Done{};
}

void set_on_failure(Node& properties, const std::optional<std::string>& destination) {
  if (!destination) return;
  properties.erase("DestinationConfig");
  if (*destination == "none") return;
  Node on_failure = Node::map();
  on_failure.set("Destination", Node::of_text(*destination));
  Node configuration = Node::map();
  configuration.set("OnFailure", std::move(on_failure));
  properties.set("DestinationConfig", std::move(configuration));
}

// "nodejs" of "nodejs20.x".
std::string family_of(const std::string& runtime) {
  return runtime.substr(0, runtime.find_first_of("0123456789."));
}

// What is asked for, else what the code tells, else what is there.
Status set_handler(Node& properties, const AddOptions& options, const Node* configuration) {
  std::string runtime = options.runtime.value_or("");
  std::string handler = options.handler.value_or("");
  const std::string had = configuration == nullptr ? "" : configuration->text_of("Runtime");
  if (runtime.empty() || handler.empty()) {
    const std::string zip = TRY(resources::pack_code(options.target));
    const auto found = resources::find_handler(TRY(resources::top_level_files(zip)));
    if (!found.ok() && configuration == nullptr) return found.error();
    if (runtime.empty()) {
      const bool keeps = !found.ok() || family_of(found->runtime) == family_of(had);
      runtime = keeps ? had : found->runtime;
    }
    if (handler.empty()) handler = found.ok() ? found->handler : configuration->text_of("Handler");
  }
  properties.set("Runtime", Node::of_text(runtime));
  properties.set("Handler", Node::of_text(handler));
  return Done{};
}

Status set_environment(Node& properties, const AddOptions& options) {
  if (options.environment.empty()) return Done{};
  const Node* had = properties.find("Environment");
  const Node* old = had == nullptr ? nullptr : had->find("Variables");
  Node variables = old == nullptr ? Node::map() : *old;
  for (const std::string& pair : options.environment) {
    const size_t equals = pair.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return refused("--env: '" + pair + "' is not NAME=VALUE");
    }
    variables.set(pair.substr(0, equals), Node::of_text(pair.substr(equals + 1)));
  }
  Node environment = Node::map();
  environment.set("Variables", std::move(variables));
  properties.set("Environment", std::move(environment));
  return Done{};
}

}  // namespace

Result<Node> mapping_properties(const AddOptions& options, const Node& current) {
  Node properties = Node::map();
  if (current.is_map()) {
    properties = resources::mapping_settings(current);
    std::erase_if(properties.members, [](const resources::NodeMember& member) {
      return member.value.kind == resources::NodeKind::kNull;
    });
    const std::string state = current.text_of("State");
    properties.set("Enabled", Node::of_boolean(state != "Disabled" && state != "Disabling"));
  }
  set_integer(properties, "BatchSize", options.batch_size);
  set_integer(properties, "MaximumBatchingWindowInSeconds", options.batching_window_seconds);
  set_integer(properties, "ParallelizationFactor", options.parallelization_factor);
  set_integer(properties, "MaximumRetryAttempts", options.maximum_retry_attempts);
  set_integer(properties, "MaximumRecordAgeInSeconds", options.maximum_record_age_seconds);
  set_integer(properties, "TumblingWindowInSeconds", options.tumbling_window_seconds);
  set_text(properties, "StartingPosition", options.starting_position);
  if (options.bisects) {
    properties.set("BisectBatchOnFunctionError", Node::of_boolean(*options.bisects));
  }
  if (options.reports_batch_item_failures) {
    Node types = Node::list();
    if (*options.reports_batch_item_failures) {
      types.items.push_back(Node::of_text("ReportBatchItemFailures"));
    }
    properties.set("FunctionResponseTypes", std::move(types));
  }
  TRY(set_filters(properties, options.filters));
  set_on_failure(properties, options.on_failure);
  if (options.disabled) properties.set("Enabled", Node::of_boolean(!*options.disabled));
  return properties;
}

Result<Node> function_properties(const AddOptions& options, const Node& current) {
  Node properties = Node::map();
  const Node* configuration = current.is_map() ? current.find("Configuration") : nullptr;
  if (configuration != nullptr) {
    for (const char* name : {"Description", "Environment", "EphemeralStorage", "LoggingConfig",
                             "MemorySize", "Role", "Timeout"}) {
      const Node* value = configuration->find(name);
      if (value == nullptr || value->kind == resources::NodeKind::kNull) continue;
      properties.set(name, *value);
    }
    // An environment with an error has more in it than variables.
    if (Node* environment = properties.find("Environment")) environment->erase("Error");
    const Node* concurrency = current.find("Concurrency");
    const Node* reserved =
        concurrency == nullptr ? nullptr : concurrency->find("ReservedConcurrentExecutions");
    if (reserved != nullptr) properties.set("ReservedConcurrentExecutions", *reserved);
    const Node* tags = current.find("Tags");
    if (tags != nullptr && tags->is_map()) properties.set("Tags", resources::tags_as_list(*tags));
  }
  properties.set("Code", Node::of_text(options.target));
  set_integer(properties, "Timeout", options.timeout_seconds);
  set_integer(properties, "MemorySize", options.memory_mebibytes);
  set_text(properties, "Role", options.role);
  TRY(set_environment(properties, options));
  TRY(set_handler(properties, options, configuration));
  return properties;
}

std::string default_function_name(const std::string& table, const std::string& path) {
  std::filesystem::path target = std::filesystem::path(path).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  std::error_code problem;
  if (target.empty() || target == "." || target.filename() == "..") {
    target = std::filesystem::canonical(path, problem);
  }
  std::string name = table + "-" + target.stem().string();
  std::ranges::replace_if(
      name,
      [](unsigned char byte) { return std::isalnum(byte) == 0 && byte != '-' && byte != '_'; },
      '-');
  return name.substr(0, kFunctionNameBytesMax);
}

}  // namespace millrace::cli::trigger
