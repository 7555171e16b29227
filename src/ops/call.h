// One request on its way through an operation, and what an operation is.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "api/write_observer.h"
#include "auth/principal.h"
#include "json/document.h"
#include "ops/database.h"

namespace millrace::ops {

// The input has passed api/validate.h. It lives until the operation function returns: what an
// operation needs later it takes with it.
struct Call {
  Database& database;
  json::Object input;
  std::string_view host;  // the name and port by which the client knows this server
  // The header x-millrace-wait-ms: how long GetRecords may wait for a record. Empty: not at all.
  std::string_view wait_milliseconds = {};
  // To be told of writes of items; nullptr: nobody is.
  api::WriteObserverPointer observer = nullptr;
  // Whom it acts for; nullptr: the server itself.
  auth::PrincipalPointer principal = nullptr;
};

// Takes the JSON text of the response, or the error, once. Any thread.
using Reply = std::function<void(Result<std::string>)>;

// One operation of an API, named as there. May reply before it returns or later.
using Operation = void (*)(const Call& call, Reply reply);

// An Operation from a function that has its answer at once.
template <Result<std::string> (*answer)(const Call&)>
// NOLINTNEXTLINE(performance-unnecessary-value-param): every Operation takes its reply over.
void answer_at_once(const Call& call, Reply reply) {
  reply(answer(call));
}

}  // namespace millrace::ops
