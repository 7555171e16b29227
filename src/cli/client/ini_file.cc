#include "cli/client/ini_file.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace millrace::cli {

namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";

std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  return lower;
}

struct Pair {
  std::string_view name;
  std::string_view value;
};

std::optional<Pair> split(std::string_view line, std::string_view delimiters) {
  const size_t at = line.find_first_of(delimiters);
  if (at == std::string_view::npos || trim(line.substr(0, at)).empty()) return std::nullopt;
  return Pair{trim(line.substr(0, at)), trim(line.substr(at + 1))};
}

class Parser {
 public:
  // False when the line cannot be there.
  bool read(std::string_view line) {
    const std::string_view text = trim(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') return true;
    const size_t indent = line.find_first_not_of(kBlanks);
    if (setting_ != nullptr && indent > setting_indent_) return read_continuation(text);
    if (text.front() == '[') return begin_section(text);
    return read_setting(text, indent);
  }
  IniFile take() { return std::move(file_); }

 private:
  bool begin_section(std::string_view text) {
    const size_t end = text.rfind(']');
    if (end == std::string_view::npos || end == 1) return false;
    auto [section, is_new] = file_.try_emplace(std::string(text.substr(1, end - 1)));
    section_ = &section->second;
    setting_ = nullptr;
    return is_new;
  }

  bool read_setting(std::string_view text, size_t indent) {
    const auto pair = split(text, "=:");
    if (section_ == nullptr || !pair) return false;
    auto [setting, is_new] =
        section_->try_emplace(lower_case(pair->name), IniSetting{std::string(pair->value), {}});
    setting_ = &setting->second;
    setting_indent_ = indent;
    return is_new;
  }

  bool read_continuation(std::string_view text) {
    if (!setting_->value.empty()) {
      setting_->value.append("\n").append(text);
      return true;
    }
    const auto pair = split(text, "=");
    if (!pair) return false;
    setting_->nested.insert_or_assign(std::string(pair->name), std::string(pair->value));
    return true;
  }

  IniFile file_;
  IniSection* section_ = nullptr;
  IniSetting* setting_ = nullptr;
  size_t setting_indent_ = 0;
};

}  // namespace

Result<IniFile> parse_ini(std::string_view text) {
  Parser parser;
  for (size_t line_number = 1; !text.empty(); ++line_number) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (!parser.read(text.substr(0, end))) {
      return Error{ErrorCode::kInvalidConfiguration, "line " + std::to_string(line_number)};
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parser.take();
}

}  // namespace millrace::cli
