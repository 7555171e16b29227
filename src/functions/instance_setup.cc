#include "functions/instance_setup.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <unistd.h>

#include <sys/stat.h>

namespace millrace::functions {
namespace {

constexpr uint64_t kMebibyte = 1024 * 1024;
// Without a control group each process may have this much data above the function's memory: what a
// runtime sets aside and does not use.
constexpr uint64_t kDataMargin = 256 * kMebibyte;
// As in AWS, of one instance where a control group bounds it. Without, the limit is one of the
// user, who has the server and all instances.
constexpr uint64_t kProcessesMax = 1024;
constexpr uint64_t kProcessesPerInstance = 64;

std::string environment_or(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}

bool is_program(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

bool is_script(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return file.get() == '#' && file.get() == '!';
}

std::string find_in_path(const std::string& name, bool scripts) {
  const std::string path = environment_or("PATH", "/usr/local/bin:/usr/bin:/bin");
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find(':', begin), path.size());
    std::string program = path.substr(begin, end - begin) + "/" + name;
    if (program[0] == '/' && is_program(program) && is_script(program) == scripts) return program;
    begin = end + 1;
  }
  return {};
}

InstanceFault missing_program(const FunctionVersion& version, const std::string& name) {
  return {"Runtime.InvalidEntrypoint", "The runtime " + version.runtime + " needs " + name +
                                           ", which this machine does not have"};
}

void set_up_node(const FunctionVersion& version, const InstanceSetting& setting,
                 InstanceSetup& setup) {
  const std::string program = find_program({setting.settings.node});
  if (program.empty()) {
    setup.fault = missing_program(version, setting.settings.node);
    return;
  }
  // As in AWS: the heap is to be collected before the instance is killed.
  const int64_t heap = std::max<int64_t>(version.memory_mebibytes * 9 / 10, 32);
  setup.command.arguments = {program, "--max-old-space-size=" + std::to_string(heap),
                             setting.files.node};
}

void set_up_python(const FunctionVersion& version, const InstanceSetting& setting,
                   InstanceSetup& setup) {
  std::vector<std::string> names = {setting.settings.python};
  // A script of that name is a version manager's, there whether the version is or not.
  const bool is_path = setting.settings.python.find('/') != std::string::npos;
  std::string program = is_path ? "" : find_in_path(version.runtime, false);
  if (program.empty()) program = find_program(names);
  if (program.empty()) {
    setup.fault = missing_program(version, setting.settings.python);
    return;
  }
  setup.command.arguments = {program, "-u", setting.files.python};
}

void set_up_custom(const FunctionVersion& version, InstanceSetup& setup) {
  const std::string program = version.code_directory + "/bootstrap";
  if (access(program.c_str(), F_OK) != 0) {
    setup.fault = {"Runtime.InvalidEntrypoint",
                   "Couldn't find valid bootstrap(s): [" + program + "]"};
    return;
  }
  setup.command.arguments = {program};
}

using Environment = std::map<std::string, std::string>;

void add_reserved(const FunctionVersion& version, const InstanceSetting& setting,
                  Environment& environment) {
  const auth::SigningCredentials& credentials = setting.credentials;
  environment["AWS_ACCESS_KEY_ID"] = credentials.access_key_id;
  environment["AWS_SECRET_ACCESS_KEY"] = credentials.secret_access_key;
  if (!credentials.session_token.empty()) {
    environment["AWS_SESSION_TOKEN"] = credentials.session_token;
  }
  environment["AWS_REGION"] = setting.settings.region;
  environment["AWS_DEFAULT_REGION"] = setting.settings.region;
  environment["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + version.runtime;
  environment["AWS_LAMBDA_FUNCTION_NAME"] = version.name;
  environment["AWS_LAMBDA_FUNCTION_VERSION"] = version.version;
  environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = std::to_string(version.memory_mebibytes);
  environment["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
  environment["AWS_LAMBDA_LOG_GROUP_NAME"] = version.log_group;
  environment["AWS_LAMBDA_LOG_STREAM_NAME"] = setting.log_stream;
  environment["AWS_LAMBDA_RUNTIME_API"] = "127.0.0.1:" + std::to_string(setting.runtime_api_port);
  environment["LAMBDA_RUNTIME_DIR"] = setting.files.directory;
  environment["LAMBDA_TASK_ROOT"] = version.code_directory;
  environment["_HANDLER"] = version.handler;
}

std::vector<std::string> environment_of(const FunctionVersion& version,
                                        const InstanceSetting& setting) {
  Environment environment = {
      {"LANG", "en_US.UTF-8"},
      {"PATH", environment_or("PATH", "/usr/local/bin:/usr/bin:/bin")},
      {"LD_LIBRARY_PATH", version.code_directory + ":" + version.code_directory + "/lib"},
      {"TMPDIR", setting.scratch_directory},
      {"TZ", ":UTC"},
  };
  if (!setting.server_endpoint.empty()) environment["AWS_ENDPOINT_URL"] = setting.server_endpoint;
  if (!setting.settings.ca_file.empty()) {
    environment["AWS_CA_BUNDLE"] = setting.settings.ca_file;        // of the SDK of Python
    environment["NODE_EXTRA_CA_CERTS"] = setting.settings.ca_file;  // of Node.js itself
  }
  for (const auto& [name, value] : version.environment) environment[name] = value;
  add_reserved(version, setting, environment);
  std::vector<std::string> lines;
  lines.reserve(environment.size());
  for (const auto& [name, value] : environment) lines.push_back(name + "=" + value);
  return lines;
}

void add_limits(const FunctionVersion& version, const InstanceSetting& setting,
                InstanceCommand& command) {
  const ControlGroups& groups = setting.control_groups;
  const auto memory_bytes = static_cast<uint64_t>(version.memory_mebibytes) * kMebibyte;
  command.control_groups = groups.make(setting.id, memory_bytes, kProcessesMax);
  const bool in_groups = !command.control_groups.empty();
  if (!in_groups || !groups.bounds_memory()) command.data_bytes_max = memory_bytes + kDataMargin;
  if (!in_groups || !groups.bounds_processes()) {
    command.processes_max =
        kProcessesMax +
        static_cast<uint64_t>(setting.settings.concurrency_max) * kProcessesPerInstance;
  }
  command.file_bytes_max = static_cast<uint64_t>(version.ephemeral_storage_mebibytes) * kMebibyte;
}

}  // namespace

std::string find_program(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name.find('/') != std::string::npos) {
      if (is_program(name)) return name;
      continue;
    }
    for (const bool scripts : {false, true}) {
      std::string program = find_in_path(name, scripts);
      if (!program.empty()) return program;
    }
  }
  return {};
}

InstanceSetup set_up_instance(const FunctionVersion& version, const InstanceSetting& setting) {
  InstanceSetup setup;
  InstanceCommand& command = setup.command;
  if (version.runtime.starts_with("nodejs")) {
    set_up_node(version, setting, setup);
  } else if (version.runtime.starts_with("python")) {
    set_up_python(version, setting, setup);
  } else if (version.runtime.starts_with("provided")) {
    set_up_custom(version, setup);
  } else {
    setup.fault = {"Runtime.InvalidEntrypoint",
                   "The runtime " + version.runtime + " is not one of those that run here"};
  }
  if (setup.fault) return setup;
  command.supervisor = setting.files.supervisor;
  command.name = version.name;
  command.environment = environment_of(version, setting);
  command.directory = version.code_directory;
  command.scratch_directory = setting.scratch_directory;
  add_limits(version, setting, command);
  return setup;
}

}  // namespace millrace::functions
