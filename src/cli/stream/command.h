// `millrace stream`: tail, ls, stats and retention.
#pragma once

#include <optional>
#include <string>

#include <CLI/App.hpp>

#include "base/result.h"
#include "cli/client/connection.h"
#include "cli/stream/record_format.h"

namespace millrace::cli::stream {

enum class ColourMode { kAuto, kAlways, kNever };

struct StreamFlags {
  ConnectionFlags connection;
  CLI::App* command = nullptr;  // the subcommand "stream"
  std::optional<std::string> table;
  // Of tail.
  std::optional<std::string> from;
  bool follow = false;
  std::optional<RecordFormat> format;
  ColourMode colour = ColourMode::kAuto;
  // Of retention.
  std::optional<int64_t> hours;
};

// Adds the subcommand "stream" with its own, which fill in `flags`; they must outlive the parsing.
void add_stream_command(CLI::App& app, StreamFlags& flags);
// Runs what was parsed, with its output on stdout.
[[nodiscard]] Status run_stream_command(const StreamFlags& flags);

}  // namespace millrace::cli::stream
