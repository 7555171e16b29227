// Reads a stream from a position on, all of its shards that may be read side by side.
#pragma once

#include "base/clock.h"
#include "cli/client/connection.h"
#include "cli/stream/position.h"
#include "cli/stream/record_sink.h"
#include "cli/stream/warnings.h"

namespace millrace::cli::stream {

struct TailOptions {
  std::string stream_arn;
  Position from;
  // Whether to go on, with the shards that are added too, until the stream is disabled and read to
  // its end; else until what is there at the beginning has been read.
  bool follows = false;
  std::chrono::milliseconds wait = std::chrono::seconds(20);  // of a long poll
};

// Gives the sink the records, those of an item in their order. Returns when they are read, when the
// sink is closed, or with an error. While it follows, a server that cannot be reached is waited
// for, once it has been reached at all.
[[nodiscard]] Status tail(const Connection& connection, const Clock& clock,
                          const TailOptions& options, RecordSink& sink, Warnings& warnings);

}  // namespace millrace::cli::stream
