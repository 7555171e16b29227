// The format of ~/.aws/config and ~/.aws/credentials, which nests settings by indentation where no
// INI library does:
//   [services local]
//   dynamodb =
//     endpoint_url = http://127.0.0.1:8000
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::cli {

struct IniSetting {
  std::string value;
  std::map<std::string, std::string, std::less<>> nested;
};
// By name, in lower case.
using IniSection = std::map<std::string, IniSetting, std::less<>>;
// By what is between the brackets: "profile local".
using IniFile = std::map<std::string, IniSection, std::less<>>;

// InvalidConfiguration, naming the line, for what the AWS CLI refuses, too: a setting outside of a
// section, a line that is none, and a section or a setting that is there twice.
[[nodiscard]] Result<IniFile> parse_ini(std::string_view text);

}  // namespace millrace::cli
