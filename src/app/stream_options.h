// The options of `[streams]`, which are flags as well: `shard_max_age_seconds` is
// `--streams-shard-max-age-seconds`.
#pragma once

#include <array>
#include <string>

#include "base/result.h"
#include "streams/settings.h"

namespace millrace::app {

struct StreamOption {
  const char* name;
  int64_t streams::StreamSettings::*field;
  int64_t maximum;  // the minimum is 1
  const char* description;
};

// A hundred years.
inline constexpr int64_t kStreamSecondsMax = int64_t{876'000} * 60 * 60;

inline constexpr auto kStreamOptions = std::to_array<StreamOption>({
    {"shard_max_age_seconds", &streams::StreamSettings::shard_max_age_seconds, kStreamSecondsMax,
     "An open shard that is older is rolled over to a new one (14400)"},
    {"retention_seconds", &streams::StreamSettings::retention_seconds, kStreamSecondsMax,
     "How long stream records are kept (86400)"},
    {"iterator_max_age_seconds", &streams::StreamSettings::iterator_max_age_seconds,
     kStreamSecondsMax, "How long a shard iterator can be used (900)"},
    {"split_size_bytes", &streams::StreamSettings::split_size_bytes, int64_t{1} << 60,
     "A partition that holds more is split (10 GiB)"},
    {"split_writes_per_second", &streams::StreamSettings::split_writes_per_second,
     int64_t{1'000'000'000},
     "A partition that is written more often, for a while, is split (20000)"},
});

// "--streams-shard-max-age-seconds"
[[nodiscard]] std::string flag_of(const StreamOption& option);

// InvalidConfiguration "takes an integer from 1 to …".
[[nodiscard]] Status set_stream_option(streams::StreamSettings& settings,
                                       const StreamOption& option, int64_t value);
// The same from a flag's text; the error names the flag.
[[nodiscard]] Status set_stream_option(streams::StreamSettings& settings,
                                       const StreamOption& option, const std::string& text);

}  // namespace millrace::app
