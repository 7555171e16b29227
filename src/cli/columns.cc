#include "cli/columns.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace millrace::cli {

namespace {

constexpr auto kUnits = std::to_array<std::string_view>({"KiB", "MiB", "GiB", "TiB", "PiB"});

bool is_right(const std::string& heading) {
  return heading.starts_with('>');
}

}  // namespace

std::string format_columns(const Row& header, const std::vector<Row>& rows) {
  Row headings;
  std::vector<size_t> widths;
  for (const std::string& heading : header) {
    headings.push_back(heading.substr(is_right(heading) ? 1 : 0));
    widths.push_back(headings.back().size());
  }
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  auto append_row = [&](const Row& row) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      line += is_right(header[i]) ? fmt::format("{:>{}}", row[i], widths[i])
                                  : fmt::format("{:<{}}", row[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out.append(line).append("\n");
  };
  append_row(headings);
  for (const Row& row : rows) append_row(row);
  return out;
}

std::string format_bytes(int64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace millrace::cli
