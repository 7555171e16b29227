// How CloudTrail tells of a request: what kind of event it is, which resources it touched, and its
// parameters and answer without the values of items.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/event.h"
#include "base/error.h"
#include "catalog/catalog.h"
#include "json/document.h"

namespace millrace::audit {

// How a request shows its parameters.
enum class RequestForm : uint8_t {
  kWhole,        // all that the API model knows, but secrets
  kItem,         // of one table, stream or function: chosen members of the request itself
  kBatchGet,     // RequestItems: keys of each table
  kBatchWrite,   // RequestItems: writes of each table
  kTransaction,  // TransactItems
  kStatement,
  kStatements,             // Statements
  kTransactionStatements,  // TransactStatements
};

struct RequestKind {
  std::string_view event_source;
  std::string_view event_name;  // of Lambda's, with the date of the API version
  std::string_view api_version;
  Category category;
  bool read_only;
  RequestForm form = RequestForm::kWhole;
  // As find_request_kind() was asked for it.
  std::string_view model = {};
  std::string_view operation = {};
};

// nullptr: CloudTrail does not record the operation. `model` is that of api/validate.h.
[[nodiscard]] const RequestKind* find_request_kind(std::string_view model,
                                                   std::string_view operation);

// Nothing of the input has been checked, so nothing is taken for granted; nullopt: it is no JSON
// object. Tables need not be there.
[[nodiscard]] std::vector<Resource> resources_of(const RequestKind& kind,
                                                 const catalog::Catalog& catalog,
                                                 const std::optional<json::Object>& input);
// `requestParameters`, at most 100 KB: of what is longer, {"omitted":true,"reason":…}; empty: null.
[[nodiscard]] std::string request_parameters(const RequestKind& kind,
                                             const catalog::Catalog& catalog,
                                             const std::optional<json::Object>& input);
// `errorCode`: of IAM and STS it is not what their clients see, "NoSuchEntity".
[[nodiscard]] std::string error_code_of(const RequestKind& kind, ErrorCode code);
// `errorMessage`: what the client was told, without the values of its request that a message of a
// data event quotes.
[[nodiscard]] std::string error_message_of(const RequestKind& kind, std::string_view message);
// `responseElements` of a request that succeeded with this JSON text; empty: null.
[[nodiscard]] std::string response_elements(const RequestKind& kind, std::string_view response);

}  // namespace millrace::audit
