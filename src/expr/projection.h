// ProjectionExpression.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expr/path.h"
#include "expr/placeholders.h"

namespace millrace::expr {

// A value under a name of its own, as a PartiQL SELECT shows it.
struct Column {
  std::string name;
  Path path;
};

class Projection {
 public:
  static Result<Projection> parse(std::string_view text);
  // Of already resolved paths: what UPDATED_OLD and UPDATED_NEW show.
  static Projection of_paths(std::vector<Path> paths);
  // Of resolved paths, whose values apply() puts side by side.
  static Projection of_columns(std::vector<Column> columns);

  Result<Projection> bind(Placeholders& placeholders) const;
  // Only what the paths name, in the item's own shape; list elements close up. Of columns: what of
  // them the item has.
  [[nodiscard]] Item apply(const Item& item) const;
  // In the order they are written. Before bind(), names may be placeholders.
  [[nodiscard]] const std::vector<Path>& paths() const { return paths_; }

 private:
  std::vector<Path> paths_;
  std::vector<Path> sorted_;  // once bound
  std::vector<Column> columns_;
};

}  // namespace millrace::expr
