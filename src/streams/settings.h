// What the server's options say of all its streams (docs/configuration.md, `[streams]`).
#pragma once

#include <cstdint>

namespace millrace::streams {

struct StreamSettings {
  // An open shard that is older gets a successor.
  int64_t shard_max_age_seconds = 4 * 60 * 60;
  // Records that are older are trimmed, unless their table says otherwise.
  int64_t retention_seconds = 24 * 60 * 60;
  // From when a shard iterator is issued to when it is refused.
  int64_t iterator_max_age_seconds = 15 * 60;
  // A partition with more bytes of items, or with more writes a second for a while, splits.
  int64_t split_size_bytes = int64_t{10} * 1024 * 1024 * 1024;
  int64_t split_writes_per_second = 20'000;
};

}  // namespace millrace::streams
