// One request of the CloudWatch Logs API on its way through an operation.
#pragma once

#include <string>

#include "api/service.h"
#include "catalog/arn.h"
#include "logs/log_store.h"

namespace millrace::logs {

using api::Reply;

// The input has passed api/validate.h. It lives until the operation function returns: what an
// operation needs later it takes with it.
struct Call {
  LogStore& store;
  const catalog::Site& site;
  json::Object input;
};

using Operation = void (*)(const Call& call, Reply reply);

// Submits the change and answers with an empty body once it is durable.
void answer_change(const Call& call, LogStore::Change change, Reply reply);

}  // namespace millrace::logs
