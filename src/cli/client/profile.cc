#include "cli/client/profile.h"

#include <fstream>
#include <pwd.h>
#include <sstream>
#include <unistd.h>

namespace millrace::cli {

namespace {

Error unusable(std::string why) {
  return {ErrorCode::kInvalidConfiguration, std::move(why)};
}

std::string home_directory(const Environment& environment) {
  if (auto home = environment("HOME")) return *home;
  const passwd* user = getpwuid(getuid());
  return user == nullptr ? "" : user->pw_dir;
}

std::string expand_home(std::string path, const Environment& environment) {
  if (path == "~" || path.starts_with("~/")) path.replace(0, 1, home_directory(environment));
  return path;
}

Result<IniFile> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return IniFile();
  std::ostringstream text;
  text << stream.rdbuf();
  auto file = parse_ini(text.str());
  if (!file.ok())
    return unusable("Unable to parse config file: " + path + ", " + file.error().message);
  return file;
}

// `[profile NAME]`, where NAME may stand in quotes; the default's is `[default]`, too.
std::optional<IniSection> find_section(const IniFile& file, std::string_view kind,
                                       std::string_view name) {
  for (const auto& [title, section] : file) {
    std::string_view rest = title;
    if (!rest.starts_with(kind)) continue;
    rest.remove_prefix(kind.size());
    const size_t begin = rest.find_first_not_of(" \t");
    if (begin == 0 || begin == std::string_view::npos) continue;
    rest = rest.substr(begin, rest.find_last_not_of(" \t") - begin + 1);
    const bool quoted = rest.size() >= 2 && rest.front() == rest.back() &&
                        (rest.front() == '"' || rest.front() == '\'');
    if (quoted) rest = rest.substr(1, rest.size() - 2);
    if (rest == name) return section;
  }
  return std::nullopt;
}

std::optional<IniSection> find_profile_section(const IniFile& config, const std::string& name) {
  if (auto section = find_section(config, "profile", name)) return section;
  auto found = config.find("default");
  if (name == "default" && found != config.end()) return found->second;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> Profile::setting(std::string_view setting_name) const {
  for (const IniSection* section : {&credentials, &config}) {
    auto found = section->find(setting_name);
    if (found != section->end() && !found->second.value.empty()) return found->second.value;
  }
  return std::nullopt;
}

Result<Profile> find_profile(const std::optional<std::string>& name,
                             const Environment& environment) {
  auto read = [&](const char* variable, const char* otherwise) {
    return read_file(expand_home(environment(variable).value_or(otherwise), environment));
  };
  const IniFile config = TRY(read("AWS_CONFIG_FILE", "~/.aws/config"));
  const IniFile credentials = TRY(read("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"));

  const auto chosen = name ? name : first_set(environment, {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"});
  Profile profile;
  profile.name = chosen.value_or("default");
  const auto config_section = find_profile_section(config, profile.name);
  const auto credentials_section = credentials.find(profile.name);
  if (chosen && !config_section && credentials_section == credentials.end()) {
    return unusable("The config profile (" + profile.name + ") could not be found");
  }
  if (config_section) profile.config = *config_section;
  if (credentials_section != credentials.end()) profile.credentials = credentials_section->second;

  if (auto services = profile.setting("services")) {
    const auto section = find_section(config, "services", *services);
    if (!section) {
      return unusable("The profile is configured to use the services section but the \"" +
                      *services + "\" services configuration does not exist.");
    }
    profile.services = *section;
  }
  return profile;
}

}  // namespace millrace::cli
