// What delivery keeps of a trail besides the spool's cursors (docs/formats/audit.md, "What delivery
// keeps").
#pragma once

#include <optional>
#include <string>

#include "audit/digest_file.h"
#include "audit/spool.h"

namespace millrace::audit {

// A log file that is to be: stored before the object is, so that what is under its name never
// changes. Its events are those from the cursor on.
struct LogFilePlan {
  std::string bucket = {};
  std::string key_prefix = {};
  std::string object = {};
  EventNumber end = 0;
  std::string hash_value = {};
  int64_t oldest_event_milliseconds = 0;
  int64_t newest_event_milliseconds = 0;

  friend bool operator==(const LogFilePlan&, const LogFilePlan&) = default;
};

// A digest that is to be, likewise. Its log files are those that are in no digest yet.
struct DigestPlan {
  std::string bucket = {};
  std::string object = {};
  int64_t end_milliseconds = 0;
  std::string public_key_fingerprint = {};
  uint64_t log_files_end = 0;  // number of the first that is not in it
  bool ends_chain = false;

  friend bool operator==(const DigestPlan&, const DigestPlan&) = default;
};

// Digests since validation began, each with the signature of the one before.
struct DigestChain {
  // Of the log files that are in no digest yet, and the next digest.
  std::string bucket = {};
  std::string key_prefix = {};
  int64_t start_milliseconds = 0;  // of the next digest, whole seconds
  PreviousDigest previous = {};

  friend bool operator==(const DigestChain&, const DigestChain&) = default;
};

// Of log files and digests.
struct FilesState {
  std::optional<LogFilePlan> log_file = {};
  std::optional<DigestPlan> digest = {};
  std::optional<DigestChain> chain = {};
  // Numbers of the log files that are in no digest yet.
  uint64_t first_log_file = 0;
  uint64_t next_log_file = 0;
  std::optional<int64_t> latest_delivery_milliseconds = {};
  std::optional<int64_t> latest_attempt_milliseconds = {};
  std::string latest_error = {};
  std::optional<int64_t> latest_digest_milliseconds = {};
  std::string latest_digest_error = {};

  friend bool operator==(const FilesState&, const FilesState&) = default;
};

// Of a log group.
struct GroupState {
  std::optional<int64_t> latest_delivery_milliseconds = {};
  std::string latest_error = {};

  friend bool operator==(const GroupState&, const GroupState&) = default;
};

[[nodiscard]] Bytes encode_files_state(const FilesState& state);
[[nodiscard]] Bytes encode_group_state(const GroupState& state);
[[nodiscard]] Bytes encode_log_file(const DigestedLogFile& log_file);
// InternalServerError when they are damaged.
[[nodiscard]] Result<FilesState> decode_files_state(ByteView value);
[[nodiscard]] Result<GroupState> decode_group_state(ByteView value);
[[nodiscard]] Result<DigestedLogFile> decode_log_file(ByteView value);

}  // namespace millrace::audit
