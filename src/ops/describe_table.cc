#include "ops/describe_table.h"

#include "ops/table_description.h"
#include "ops/table_request.h"

namespace millrace::ops {

Result<std::string> describe_table(const Call& call) {
  const auto table = TRY(find_table_by_name(call));
  return table_response("Table", call.database.catalog.site(), *table,
                        statistics_of(call.database, *table), "ACTIVE");
}

}  // namespace millrace::ops
