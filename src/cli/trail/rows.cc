#include "cli/trail/rows.h"

#include "cli/columns.h"
#include "json/writer.h"

namespace millrace::cli::trail {
namespace {

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

void append_csv(std::string& out, const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    out += c;
    if (c == '"') out += c;
  }
  out += '"';
}

}  // namespace

void QueryRows::add(json::Object results) {
  json::Array rows;
  if (results.at_key("QueryResultRows").get(rows) != simdjson::SUCCESS) return;
  for (const json::Element element : rows) {
    json::Array cells;
    if (element.get(cells) != simdjson::SUCCESS) continue;
    const bool names_are_known = !rows_.empty();
    Row row;
    for (const json::Element cell : cells) {
      json::Object members;
      if (cell.get(members) != simdjson::SUCCESS) continue;
      for (const auto& [name, value] : members) {
        std::string_view text;
        const bool is_text = value.get(text) == simdjson::SUCCESS;
        if (!names_are_known) names_.emplace_back(name);
        row.push_back(is_text ? std::optional(std::string(text)) : std::nullopt);
      }
    }
    row.resize(names_.size());
    rows_.push_back(std::move(row));
  }
}

std::string QueryRows::table() const {
  if (rows_.empty()) return {};
  std::vector<cli::Row> lines;
  for (const Row& row : rows_) {
    cli::Row& line = lines.emplace_back();
    for (const auto& cell : row) line.push_back(one_line(cell.value_or("-")));
  }
  cli::Row header;
  for (const std::string& name : names_) header.push_back(one_line(name));
  return format_columns(header, lines);
}

std::string QueryRows::json() const {
  std::string out;
  for (const Row& row : rows_) {
    json::Writer writer(out);
    writer.begin_object();
    for (size_t i = 0; i < row.size(); ++i) {
      writer.key(names_[i]);
      if (row[i]) {
        writer.string(*row[i]);
      } else {
        writer.null();
      }
    }
    writer.end_object();
    out += '\n';
  }
  return out;
}

std::string QueryRows::csv() const {
  if (rows_.empty()) return {};
  std::string out;
  for (size_t i = 0; i < names_.size(); ++i) {
    if (i > 0) out += ',';
    append_csv(out, names_[i]);
  }
  out += "\r\n";
  for (const Row& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      append_csv(out, row[i].value_or(""));
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace millrace::cli::trail
