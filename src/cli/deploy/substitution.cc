#include "cli/deploy/substitution.h"

namespace millrace::cli::deploy {

std::vector<SubPart> split_substitution(std::string_view text) {
  std::vector<SubPart> parts;
  while (!text.empty()) {
    const size_t begin = text.find("${");
    const size_t end = begin == std::string_view::npos ? begin : text.find('}', begin);
    if (end == std::string_view::npos) {
      parts.push_back({std::string(text)});
      break;
    }
    if (begin > 0) parts.push_back({std::string(text.substr(0, begin))});
    std::string_view name = text.substr(begin + 2, end - begin - 2);
    text.remove_prefix(end + 1);
    if (name.starts_with('!')) {
      parts.push_back({"${" + std::string(name.substr(1)) + "}"});
      continue;
    }
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    parts.push_back({std::string(name), true});
  }
  return parts;
}

}  // namespace millrace::cli::deploy
