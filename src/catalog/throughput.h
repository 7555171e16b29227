// Provisioned capacity of a table or of a global secondary index.
#pragma once

#include <cstdint>

namespace millrace::catalog {

enum class BillingMode { kProvisioned, kPayPerRequest };

struct Throughput {
  int64_t read_capacity_units = 0;
  int64_t write_capacity_units = 0;
  int64_t last_increase_milliseconds = 0;  // 0: never
  int64_t last_decrease_milliseconds = 0;  // 0: never
  int64_t decreases_today = 0;
};

}  // namespace millrace::catalog
