// How tables and streams are stored: JSON, so that later versions can add members
// (docs/formats/catalog.md).
#pragma once

#include "base/result.h"
#include "catalog/table.h"

namespace millrace::catalog {

// The table's latest stream is written as its label alone.
[[nodiscard]] std::string write_table(const Table& table);
struct ReadTable {
  Table table;
  std::optional<std::string> latest_stream_label;
};
// InternalServerError when the text is not what write_table() wrote.
[[nodiscard]] Result<ReadTable> read_table(std::string_view text);

[[nodiscard]] std::string write_stream(const Stream& stream);
[[nodiscard]] Result<Stream> read_stream(std::string_view text);

}  // namespace millrace::catalog
