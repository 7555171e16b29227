#pragma once

#include <string>

#include "base/result.h"
#include "cli/stream/record_format.h"
#include "json/document.h"

namespace millrace::cli::stream {

// A line of time, event, keys, shard and sequence number, then what changed: `- name: old`,
// `+ name: new`, `~ name: old → new`, inside of maps as `~ outer.inner: …`. With one image of a
// MODIFY all of it.
[[nodiscard]] Status append_pretty_record(std::string& out, json::Object record,
                                          const RecordOrigin& origin, bool is_coloured);

}  // namespace millrace::cli::stream
