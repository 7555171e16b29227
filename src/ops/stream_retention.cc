#include "ops/stream_retention.h"

#include <limits>

#include "streams/retention.h"

namespace millrace::ops {

std::vector<catalog::StreamPointer> streams_of(const catalog::Catalog& catalog,
                                               const catalog::Table& table) {
  std::vector<catalog::StreamPointer> streams;
  for (auto& stream :
       catalog.list_streams(table.name, "", "", std::numeric_limits<size_t>::max()).streams) {
    if (stream->table_id == table.id) streams.push_back(std::move(stream));
  }
  return streams;
}

Status apply_retention_tag(const catalog::Catalog& catalog, catalog::Table& table,
                           catalog::Change& change) {
  const int64_t retention_seconds = TRY(streams::retention_seconds_of(table.tags));
  for (const catalog::StreamPointer& stream : streams_of(catalog, table)) {
    if (stream->retention_seconds == retention_seconds) continue;
    auto changed = std::make_shared<catalog::Stream>(*stream);
    changed->retention_seconds = retention_seconds;
    if (table.latest_stream && table.latest_stream->label == changed->label) {
      table.latest_stream = changed;
    }
    change.streams.push_back(std::move(changed));
  }
  return Done{};
}

}  // namespace millrace::ops
