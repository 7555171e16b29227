// What every operation of every service is to access control: its action, and the resources and
// condition keys of a request. One table (action.cc); an operation of an API model without a row
// does not build.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace millrace::access {

struct Action;  // a row; opaque outside this directory

// nullptr: there is no such operation.
[[nodiscard]] const Action* find_action(std::string_view model, std::string_view operation);

// The name of the service in the scope of the operation's signatures: "dynamodb".
[[nodiscard]] std::string_view signing_service(const Action& action);
// Whether UNSIGNED-PAYLOAD may stand in such a request for the payload's hash.
[[nodiscard]] bool takes_unsigned_payload(const Action& action);

}  // namespace millrace::access
