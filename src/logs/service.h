// The CloudWatch Logs API.
#pragma once

#include "api/service.h"
#include "catalog/arn.h"
#include "logs/log_store.h"

namespace millrace::logs {

// `store` must outlive it.
[[nodiscard]] api::JsonService logs_service(LogStore& store, const catalog::Site& site);

}  // namespace millrace::logs
