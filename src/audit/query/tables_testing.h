// A catalog with the table Music, of the partition key Artist (S) and the sort key Track (N).
#pragma once

#include <memory>

#include "catalog/catalog.h"
#include "engine/memory/memory_engine.h"

namespace millrace::audit::query {

class TestTables {
 public:
  TestTables() {
    catalog::Table table;
    table.name = "Music";
    table.key_schema.partition_key = {"Artist", AttributeType::kString};
    table.key_schema.sort_key = catalog::KeyAttribute{"Track", AttributeType::kNumber};
    catalog::Change change;
    change.tables.push_back(std::make_shared<const catalog::Table>(std::move(table)));
    catalog_->publish(change);
  }

  [[nodiscard]] engine::Engine& engine() { return *engine_; }
  [[nodiscard]] const catalog::Catalog& catalog() const { return *catalog_; }

 private:
  std::unique_ptr<engine::Engine> engine_ = engine::open_memory_engine();
  std::unique_ptr<catalog::Catalog> catalog_ = catalog::Catalog::open(*engine_, {}).value();
};

}  // namespace millrace::audit::query
