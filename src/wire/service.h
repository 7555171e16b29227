// The services that share the port, and their operations.
#pragma once

#include <span>
#include <string_view>

#include "ops/call.h"

namespace millrace::wire {

struct OperationRow {
  std::string_view name;   // as in X-Amz-Target
  std::string_view input;  // shape of the request, in the service's API model
  ops::Operation run;
};

// A service of the AWS JSON protocol: requests name it by the prefix of X-Amz-Target.
struct JsonService {
  std::string_view target_prefix;  // "DynamoDB_20120810"
  std::string_view model;          // of api/validate.h
  std::span<const OperationRow> operations;
};

// Every service and operation of this server. What is not here answers UnknownOperationException.
[[nodiscard]] std::span<const JsonService> json_services();

}  // namespace millrace::wire
