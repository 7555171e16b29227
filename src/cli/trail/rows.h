// The rows of a query as text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/document.h"

namespace millrace::cli::trail {

class QueryRows {
 public:
  // Takes QueryResultRows of an answer of GetQueryResults.
  void add(json::Object results);

  // Aligned columns under their names; what is not there is "-", and control characters are blanks.
  // Nothing without rows.
  [[nodiscard]] std::string table() const;
  // An object a line, with texts and null.
  [[nodiscard]] std::string json() const;
  // RFC 4180, with a line of names; what is not there is empty.
  [[nodiscard]] std::string csv() const;

 private:
  using Row = std::vector<std::optional<std::string>>;

  std::vector<std::string> names_;
  std::vector<Row> rows_;
};

}  // namespace millrace::cli::trail
