// The services of the database: DynamoDB, DynamoDB Streams and Millrace's own.
#pragma once

#include <vector>

#include "api/service.h"
#include "ops/call.h"

namespace millrace::wire {

// Every operation of theirs that there is. What is in no service answers UnknownOperationException.
// `database` must outlive them.
[[nodiscard]] std::vector<api::JsonService> database_services(ops::Database& database);

}  // namespace millrace::wire
