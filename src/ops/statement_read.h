// A PartiQL SELECT on its way to the items.
#pragma once

#include "ops/item_page.h"
#include "partiql/statement.h"

namespace millrace::ops {

// Where the items are that a SELECT may show, and what to do with each.
struct SelectPlan {
  ItemSource source;
  std::vector<engine::KeyRange> ranges = {};
  engine::Direction direction = engine::Direction::kForward;
  PageOptions options = {};
};

[[nodiscard]] Result<SelectPlan> plan_select(const Database& database,
                                             const partiql::Select& select, bool consistent);

// Narrows the ranges to what comes behind an item. False when the plan does not lead past it.
[[nodiscard]] bool begin_behind(SelectPlan& plan, const Item& last_key);

// The one item that a SELECT asks for by its key alone.
struct KeyedSelect {
  catalog::TablePointer table;
  ItemKey key;
  std::optional<expr::Projection> projection;
};

// `operation` is for the message when the SELECT asks for anything else.
[[nodiscard]] Result<KeyedSelect> plan_keyed_select(const Database& database,
                                                    const partiql::Select& select,
                                                    std::string_view operation);

}  // namespace millrace::ops
