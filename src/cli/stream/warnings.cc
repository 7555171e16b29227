#include "cli/stream/warnings.h"

#include <cstdio>

#include <fmt/format.h>

namespace millrace::cli::stream {

Warnings::Warnings()
    : write_([](const std::string& text) { fmt::print(stderr, "millrace: warning: {}\n", text); }) {
}

void Warnings::warn(const std::string& text) {
  const std::scoped_lock lock(mutex_);
  write_(text);
}

void Warnings::warn_of_outage(const std::string& text) {
  if (!is_outage_.exchange(true)) warn(text + "; trying again");
}

}  // namespace millrace::cli::stream
