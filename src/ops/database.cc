#include "ops/database.h"

#include <limits>

#include "catalog/secret.h"

namespace millrace::ops {

Result<std::unique_ptr<Database>> Database::open(engine::Engine& engine, catalog::Catalog& catalog,
                                                 const Clock& clock, Random& secrets,
                                                 Random& random) {
  auto secret = TRY(catalog::load_or_create_secret(engine, "shard-iterator", secrets));
  std::unique_ptr<Database> database(
      new Database{engine, catalog, clock, random, std::move(secret)});
  for (const std::string& name : catalog.table_names("", std::numeric_limits<size_t>::max())) {
    TRY(database->lanes.open(catalog.find_table(name)));
  }
  return database;
}

}  // namespace millrace::ops
