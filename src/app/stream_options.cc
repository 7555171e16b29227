#include "app/stream_options.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace millrace::app {

std::string flag_of(const StreamOption& option) {
  std::string name = option.name;
  std::replace(name.begin(), name.end(), '_', '-');
  return "--streams-" + name;
}

Status set_stream_option(streams::StreamSettings& settings, const StreamOption& option,
                         int64_t value) {
  if (value < 1 || value > option.maximum) {
    return Error{ErrorCode::kInvalidConfiguration,
                 fmt::format("takes an integer from 1 to {}", option.maximum)};
  }
  settings.*option.field = value;
  return Done{};
}

Status set_stream_option(streams::StreamSettings& settings, const StreamOption& option,
                         const std::string& text) {
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  const bool is_integer = error == std::errc() && stopped == end;
  auto set = set_stream_option(settings, option, is_integer ? value : 0);
  if (set.ok()) return set;
  return Error{set.error().code,
               fmt::format("{}: '{}': {}", flag_of(option), text, set.error().message)};
}

}  // namespace millrace::app
