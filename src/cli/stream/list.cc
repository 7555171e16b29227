#include "cli/stream/list.h"

#include <algorithm>

#include "cli/columns.h"
#include "cli/stream/stream_description.h"

namespace millrace::cli::stream {

Result<std::string> list_streams_text(ServiceClient& client,
                                      const std::optional<std::string>& table) {
  auto streams = TRY(list_streams(client, table));
  std::ranges::sort(streams, {}, [](const StreamName& stream) {
    return std::pair(std::string_view(stream.table_name), std::string_view(stream.label));
  });
  std::vector<Row> rows;
  for (const StreamName& stream : streams) {
    const auto description = describe_stream(client, stream.arn);
    if (!description.ok()) {
      // It aged out since it was listed.
      if (description.error().code == ErrorCode::kResourceNotFoundException) continue;
      return description.error();
    }
    const auto open = std::ranges::count_if(description->shards, &ShardDescription::is_open);
    rows.push_back({stream.table_name, description->status, description->view_type,
                    std::to_string(open), std::to_string(description->shards.size()), stream.arn});
  }
  return format_columns({"TABLE", "STATUS", "VIEW", ">OPEN", ">SHARDS", "ARN"}, rows);
}

}  // namespace millrace::cli::stream
