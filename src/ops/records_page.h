// One page of a shard's records, as GetRecords answers it at one moment.
#pragma once

#include "ops/database.h"
#include "streams/change_record.h"
#include "streams/shard_iterator.h"

namespace millrace::ops {

inline constexpr int64_t kPageRecordsMax = 1000;

struct RecordsRequest {
  streams::ShardIterator iterator;
  size_t limit = kPageRecordsMax;
  streams::RecordForm form = {};
};

struct RecordsPage {
  std::string text;            // JSON: the response
  bool worth_waiting = false;  // there is no record, but there may be one later
};

// ResourceNotFoundException when the stream or the shard is gone, TrimmedDataAccessException when a
// record at the iterator's position or above is.
[[nodiscard]] Result<RecordsPage> read_records_page(const Database& database,
                                                    const RecordsRequest& request);

}  // namespace millrace::ops
