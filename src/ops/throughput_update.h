// UpdateTable's ProvisionedThroughput, of a table or of a global index.
#pragma once

#include <string_view>

#include "base/result.h"
#include "catalog/throughput.h"

namespace millrace::ops {

// ValidationException when nothing would change. `resource`: "table", or "index NAME".
[[nodiscard]] Status change_throughput(catalog::Throughput& current,
                                       const catalog::Throughput& wanted, std::string_view resource,
                                       int64_t now_milliseconds);

// The same without that check.
void set_throughput(catalog::Throughput& current, const catalog::Throughput& wanted,
                    int64_t now_milliseconds);

}  // namespace millrace::ops
