// How an instance is to be run: its program, environment and limits, by its runtime.
#pragma once

#include <string>

#include "functions/bootstrap_files.h"
#include "functions/control_groups.h"
#include "functions/function.h"
#include "functions/instance_process.h"
#include "functions/settings.h"

namespace millrace::functions {

// What an instance knows besides its function.
struct InstanceSetting {
  const FunctionSettings& settings;
  const auth::SigningCredentials& credentials;  // of the function
  const RuntimeFiles& files;
  const ControlGroups& control_groups;
  std::string server_endpoint;  // URL of this server
  std::string scratch_directory;
  std::string log_stream;
  std::string id;  // in names of files
  uint16_t runtime_api_port;
};

// Why an instance cannot begin, as the function's error.
struct InstanceFault {
  std::string error_type;
  std::string message;
};

struct InstanceSetup {
  InstanceCommand command;
  // Set: the command is not to be run.
  std::optional<InstanceFault> fault;
};

// Looks at the file system, and makes the control groups unless there is a fault.
[[nodiscard]] InstanceSetup set_up_instance(const FunctionVersion& version,
                                            const InstanceSetting& setting);

// The path of the first program of these names in PATH, in the order of the names; of programs of
// one name those that are no scripts go first. A name with a slash is a path. Empty when there is
// none.
[[nodiscard]] std::string find_program(const std::vector<std::string>& names);

}  // namespace millrace::functions
