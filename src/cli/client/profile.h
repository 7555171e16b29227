// What the files of the AWS CLI say of one profile ("Configuration and credential file settings" in
// the AWS CLI User Guide).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cli/client/environment.h"
#include "cli/client/ini_file.h"

namespace millrace::cli {

struct Profile {
  std::string name;
  IniSection config;       // of the config file
  IniSection credentials;  // of the credentials file
  IniSection services;     // of the section that the config's `services` names

  // Of the config; the credentials file goes before it, as with the AWS CLI.
  [[nodiscard]] std::optional<std::string> setting(std::string_view setting_name) const;
};

// The profile `name`, else that of AWS_PROFILE or AWS_DEFAULT_PROFILE, else "default", from
// AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE or ~/.aws. A file that is not there is empty.
// InvalidConfiguration for a file that cannot be parsed, for a profile that is named and in neither
// file, and for one that names `services` that are not there.
[[nodiscard]] Result<Profile> find_profile(const std::optional<std::string>& name,
                                           const Environment& environment);

}  // namespace millrace::cli
