#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millrace::cli {

using Row = std::vector<std::string>;

// Lines of cells, as wide as the widest of their column, two blanks apart. `header` comes first.
// Columns whose header begins with '>' (which is not shown) are aligned to the right.
[[nodiscard]] std::string format_columns(const Row& header, const std::vector<Row>& rows);

// "512 B", "1.5 KiB", "20.0 MiB" …
[[nodiscard]] std::string format_bytes(int64_t bytes);

}  // namespace millrace::cli
