// What an operator may set about the audit trail.
#pragma once

#include <cstdint>
#include <string>

namespace millrace::audit {

enum class Durability : uint8_t {
  kAsync,   // an event is on disk within a second
  kCommit,  // the event of a write is in the commit of the write
};
enum class WhenFull : uint8_t { kBlock, kDrop };

struct AuditSettings {
  Durability durability = Durability::kAsync;
  WhenFull when_full = WhenFull::kBlock;
  // Of events that are not delivered yet.
  int64_t spool_bytes_max = int64_t{4} << 30;
  int64_t delivery_seconds = 300;
  int64_t digest_seconds = 3600;
  // Of a log file before it is compressed.
  int64_t file_bytes_max = 50'000'000;
  // Of the index that LookupEvents and queries read; the oldest data events go first.
  int64_t index_bytes_max = int64_t{8} << 30;
  int64_t index_days = 90;
  int64_t query_seconds = 60;

  // Below the data directory; the parents exist.
  std::string buckets_directory = {};  // where buckets are, unless there is an s3_endpoint
  std::string directory = {};          // keys and index

  // Of the service of buckets. Empty: buckets are directories.
  std::string s3_endpoint = {};
  std::string s3_region = "us-east-1";
  std::string s3_access_key_id = {};
  std::string s3_secret_access_key = {};
};

}  // namespace millrace::audit
