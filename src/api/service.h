// What an operation of any service gets and how it answers: between `wire`, which knows protocols,
// and the directories that have the operations.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/write_observer.h"
#include "auth/principal.h"
#include "base/result.h"
#include "json/document.h"

namespace millrace::api {

// The input has passed api/validate.h. All lives until the operation function returns: what an
// operation needs later it takes with it.
struct Request {
  json::Object input;
  // Whom it acts for: proven where access control is enforced, else as it claims. Never nullptr.
  auth::PrincipalPointer principal;
  std::string_view host;        // the name and port by which the client knows this server
  std::string_view request_id;  // what the client sees as x-amzn-RequestId
  // The header x-millrace-wait-ms; empty without it.
  std::string_view wait_milliseconds = {};
  // Of a REST operation whose body is not JSON but the value of one member, such as Invoke's.
  ByteView payload = {};
  // nullptr: nobody follows the request.
  WriteObserverPointer observer = nullptr;
};

// Takes the JSON text of the response, or the error, once. Any thread.
using Reply = std::function<void(Result<std::string>)>;

// An operation of a service of the AWS JSON protocol, named as in X-Amz-Target.
struct JsonOperation {
  std::string name;
  std::string input;  // shape of the request, in the service's API model
  std::function<void(const Request&, Reply)> run;
};

// A service of the AWS query protocol: requests are forms that name an operation of `operations` as
// Action, answers are XML. The operations return JSON, of which that is made: a list becomes
// <member> elements, except one named "entry", which becomes <entry> elements without a list around
// them.
struct QueryService {
  std::string model;        // of api/validate.h
  std::string api_version;  // "2010-05-08": Version of its requests
  std::string xml_namespace;
  std::vector<JsonOperation> operations;
};

// Requests name it by the prefix of X-Amz-Target.
struct JsonService {
  std::string target_prefix;  // "DynamoDB_20120810"
  std::string model;          // of api/validate.h
  std::vector<JsonOperation> operations;
  // `__type` is the name of the error alone: what is not DynamoDB has no prefix before it.
  bool plain_error_types = false;
  // What a request gets that does not meet the constraints of its shape.
  ErrorCode constraint_error = ErrorCode::kValidationException;
};

// The answer of an operation of the AWS REST-JSON protocol.
struct RestAnswer {
  Bytes body;      // JSON text, or a payload
  int status = 0;  // 0: as in the API model
  // Content-Type and x-amzn-RequestId have defaults.
  std::vector<std::pair<std::string, std::string>> headers = {};
};
using RestReply = std::function<void(Result<RestAnswer>)>;

// An operation of such a service. Method, path, where its members are and the status of success
// are in the API model under its name.
struct RestOperation {
  std::string name;
  std::function<void(const Request&, RestReply)> run;
};

// What a plain GET fetches, such as the code of a function.
struct RestDownload {
  std::string path_prefix;
  // `rest` is what follows the prefix, with the query, undecoded; it lives until this returns.
  std::function<void(std::string_view rest, RestReply)> fetch;
};

struct RestService {
  std::string model;  // of api/rest_binding.h
  std::vector<RestOperation> operations;
  std::vector<RestDownload> downloads = {};
};

}  // namespace millrace::api
