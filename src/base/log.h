// Structured logs on stderr, one `key=value` line an event:
//   ts=2026-01-02T03:04:05.678Z level=info msg="listening" address=127.0.0.1:8000
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::log {

struct Field {
  std::string_view key;
  std::string value;
};
using Fields = std::initializer_list<Field>;

// "debug", "info", "warn", "error" or "off". Default: info.
[[nodiscard]] Status set_level(std::string_view level);

// Thread-safe. Never fails; a full stderr blocks.
void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warn(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

}  // namespace millrace::log
