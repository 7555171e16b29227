#include "functions/function_configuration.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "base/timestamp.h"
#include "functions/function_name.h"
#include "functions/input.h"

namespace millrace::functions {
namespace {

constexpr size_t kEnvironmentBytesMax = 4096;
constexpr std::array<std::string_view, 18> kReservedNames = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
};
constexpr std::array<std::string_view, 10> kRuntimes = {
    "nodejs20.x", "nodejs22.x", "nodejs24.x", "python3.11",   "python3.12",
    "python3.13", "python3.14", "provided",   "provided.al2", "provided.al2023",
};
#if defined(__aarch64__)
constexpr std::string_view kArchitecture = "arm64";
#else
constexpr std::string_view kArchitecture = "x86_64";
#endif

bool is_empty(json::Element value) {
  if (value.is_array()) return value.get_array().value_unsafe().size() == 0;
  if (value.is_string()) return value.get_string().value_unsafe().empty();
  return false;
}

// A member that says "none", as some clients always send it, asks for nothing.
bool asks_for_something(json::Element value) {
  if (!value.is_object()) return !is_empty(value);
  const json::Object object = value.get_object().value_unsafe();
  return std::ranges::any_of(object, [](const auto& member) {
    return !member.value.is_null() && !is_empty(member.value) &&
           !(member.value.is_bool() && !member.value.get_bool().value_unsafe());
  });
}

Status refuse(json::Object input, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto value = json::member(input, name);
    if (value && asks_for_something(*value)) return not_supported(name);
  }
  return Done{};
}

// A parameter within `outer` that may only have the value that it has by default.
Status refuse_unless(json::Object input, std::string_view outer, std::string_view name,
                     std::string_view usual) {
  const auto object = optional_object(input, outer);
  if (!object) return Done{};
  const auto value = optional_text(*object, name);
  if (!value || *value == usual) return Done{};
  return invalid_parameter(fmt::format(
      "The value {} of the parameter {}.{} is not supported by this server", *value, outer, name));
}

Status check_environment(const std::map<std::string, std::string>& environment) {
  constexpr std::string_view kRefused =
      "Lambda was unable to configure your environment variables because the environment variables "
      "you have provided";
  std::vector<std::string_view> reserved;
  size_t bytes = 0;
  for (const auto& [name, value] : environment) {
    bytes += name.size() + value.size();
    if (std::ranges::find(kReservedNames, name) != kReservedNames.end()) reserved.push_back(name);
    if (value.find('\0') != std::string::npos) {
      return invalid_parameter(fmt::format("{} contain a null character: {}", kRefused, name));
    }
  }
  if (!reserved.empty()) {
    return invalid_parameter(fmt::format(
        "{} contains reserved keys that are currently not supported for modification. Reserved "
        "keys used in this request: {}",
        kRefused, fmt::join(reserved, ", ")));
  }
  if (bytes > kEnvironmentBytesMax) {
    return invalid_parameter(fmt::format("{} exceeded the 4KB limit.", kRefused));
  }
  return Done{};
}

Status read_environment(json::Object input, FunctionVersion& version) {
  const auto environment = optional_object(input, "Environment");
  if (!environment) return Done{};
  version.environment.clear();
  if (const auto variables = optional_object(*environment, "Variables")) {
    for (const auto [name, value] : *variables) {
      if (value.is_null()) continue;
      version.environment[std::string(name)] = value.get_string().value_unsafe();
    }
  }
  return check_environment(version.environment);
}

Status read_logging(json::Object input, FunctionVersion& version) {
  TRY(refuse_unless(input, "LoggingConfig", "LogFormat", "Text"));
  const auto logging = optional_object(input, "LoggingConfig");
  if (!logging) return Done{};
  for (const std::string_view name : {"ApplicationLogLevel", "SystemLogLevel"}) {
    if (json::member(*logging, name)) return not_supported(fmt::format("LoggingConfig.{}", name));
  }
  if (auto group = optional_text(*logging, "LogGroup")) version.log_group = std::move(*group);
  return Done{};
}

void read_text(json::Object input, std::string_view name, std::string& text) {
  if (auto value = optional_text(input, name)) text = std::move(*value);
}

void read_number(json::Object input, std::string_view name, int64_t& number) {
  if (const auto value = optional_integer(input, name)) number = *value;
}

void write_texts(json::Writer& writer, const std::map<std::string, std::string>& texts) {
  writer.begin_object();
  for (const auto& [name, value] : texts) writer.member(name, value);
  writer.end_object();
}

// An object of one member.
void write_single(json::Writer& writer, std::string_view outer, std::string_view name,
                  std::string_view value) {
  writer.key(outer);
  writer.begin_object();
  writer.member(name, value);
  writer.end_object();
}

auto running_parts(const FunctionVersion& version) {
  return std::tie(version.runtime, version.handler, version.role, version.environment,
                  version.timeout_seconds, version.memory_mebibytes,
                  version.ephemeral_storage_mebibytes, version.log_group, version.code_sha256,
                  version.endpoint);
}

}  // namespace

Error not_supported(std::string_view parameter) {
  return invalid_parameter(
      fmt::format("The parameter {} is not supported by this server", parameter));
}

Status check_architectures(json::Object input) {
  const auto architectures = json::member(input, "Architectures");
  if (!architectures) return Done{};
  const json::Array array = architectures->get_array().value_unsafe();
  for (const json::Element element : array) {
    const std::string_view architecture = element.get_string().value_unsafe();
    if (architecture != kArchitecture) {
      return invalid_parameter(fmt::format(
          "The architecture {} is not supported: functions run on this machine, which is {}",
          architecture, kArchitecture));
    }
  }
  return Done{};
}

Status read_configuration(json::Object input, FunctionVersion& version) {
  TRY(refuse(input, {"VpcConfig", "DeadLetterConfig", "KMSKeyArn", "Layers", "FileSystemConfigs",
                     "ImageConfig", "CodeSigningConfigArn", "CapacityProviderConfig",
                     "DurableConfig", "TenancyConfig", "PublishTo"}));
  TRY(refuse_unless(input, "SnapStart", "ApplyOn", "None"));
  TRY(refuse_unless(input, "TracingConfig", "Mode", "PassThrough"));
  if (const auto runtime = optional_text(input, "Runtime")) {
    if (std::ranges::find(kRuntimes, *runtime) == kRuntimes.end()) {
      return invalid_parameter(
          fmt::format("The runtime parameter of {} is not supported by this server", *runtime));
    }
    version.runtime = *runtime;
  }
  read_text(input, "Handler", version.handler);
  read_text(input, "Role", version.role);
  read_text(input, "Description", version.description);
  read_number(input, "Timeout", version.timeout_seconds);
  read_number(input, "MemorySize", version.memory_mebibytes);
  if (const auto storage = optional_object(input, "EphemeralStorage")) {
    read_number(*storage, "Size", version.ephemeral_storage_mebibytes);
  }
  TRY(read_logging(input, version));
  return read_environment(input, version);
}

bool runs_alike(const FunctionVersion& one, const FunctionVersion& other) {
  return running_parts(one) == running_parts(other);
}

void write_configuration(json::Writer& writer, const FunctionVersion& version,
                         const std::string& arn) {
  writer.begin_object();
  writer.member("FunctionName", version.name);
  writer.member("FunctionArn", arn);
  if (!version.runtime.empty()) writer.member("Runtime", version.runtime);
  writer.member("Role", version.role);
  if (!version.handler.empty()) writer.member("Handler", version.handler);
  writer.member("CodeSize", version.code_bytes);
  writer.member("Description", version.description);
  writer.member("Timeout", version.timeout_seconds);
  writer.member("MemorySize", version.memory_mebibytes);
  writer.member("LastModified", iso8601_milliseconds(version.last_modified_milliseconds) + "+0000");
  writer.member("CodeSha256", version.code_sha256);
  writer.member("Version", version.version);
  if (!version.environment.empty()) {
    writer.key("Environment");
    writer.begin_object();
    writer.key("Variables");
    write_texts(writer, version.environment);
    writer.end_object();
  }
  write_single(writer, "TracingConfig", "Mode", "PassThrough");
  writer.member("RevisionId", version.revision_id);
  writer.member("State", "Active");
  writer.member("LastUpdateStatus", "Successful");
  writer.member("PackageType", "Zip");
  writer.key("Architectures");
  writer.begin_array();
  writer.string(kArchitecture);
  writer.end_array();
  writer.key("EphemeralStorage");
  writer.begin_object();
  writer.member("Size", version.ephemeral_storage_mebibytes);
  writer.end_object();
  writer.key("SnapStart");
  writer.begin_object();
  writer.member("ApplyOn", "None");
  writer.member("OptimizationStatus", "Off");
  writer.end_object();
  writer.key("LoggingConfig");
  writer.begin_object();
  writer.member("LogFormat", "Text");
  writer.member("LogGroup", version.log_group);
  writer.end_object();
  writer.end_object();
}

}  // namespace millrace::functions
