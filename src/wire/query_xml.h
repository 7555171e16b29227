// Answers of the query protocol.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "http/handler.h"

namespace millrace::wire {

// Of requests that name no service.
inline constexpr std::string_view kFaultNamespace =
    "http://webservices.amazon.com/AWSFault/2005-15-09";

// The answer of an operation: <NameResponse> with <NameResult>, made of its JSON text by the
// convention of api::QueryService, and the id of the request. An empty text is an operation that
// has no result.
[[nodiscard]] Result<std::string> query_response_body(std::string_view operation,
                                                      std::string_view xml_namespace,
                                                      std::string_view json,
                                                      std::string_view request_id);

// An error as the protocol shows it: its names differ from those of the JSON services.
struct QueryError {
  std::string_view code;
  int status;
  std::string_view message;
};
// Internal errors keep their message to themselves. Lives as long as `error`.
[[nodiscard]] QueryError query_error(const Error& error);
[[nodiscard]] std::string query_error_body(const QueryError& error, std::string_view xml_namespace,
                                           std::string_view request_id);

}  // namespace millrace::wire
