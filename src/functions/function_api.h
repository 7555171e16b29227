// What the operations of the function API work with.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "api/service.h"
#include "base/clock.h"
#include "base/random.h"
#include "catalog/arn.h"
#include "functions/code_store.h"
#include "functions/event_queue.h"
#include "functions/function_store.h"
#include "functions/invocation.h"

namespace millrace::functions {

// The tags of resources that are of the API, but not functions: event source mappings. Every one
// unset: there are none. Errors as of TagResource.
struct ResourceTags {
  using Tags = std::map<std::string, std::string>;
  using Done = std::function<void(Status)>;
  std::function<void(const std::string& arn, Tags tags, Done done)> add;
  std::function<void(const std::string& arn, std::vector<std::string> keys, Done done)> remove;
  std::function<Result<Tags>(const std::string& arn)> list;
};

// Owned by the application; outlives all calls.
struct FunctionApi {
  catalog::Site site;
  const Clock& clock;
  Random& random;
  FunctionStore& store;
  CodeStore& codes;
  Invoker& invoker;
  EventQueue& events;
  Bytes link_secret;               // signs links to code; of this run of the server
  int64_t concurrency_max = 1000;  // of all functions together
  // Functions without code and without an endpoint of their own run elsewhere too.
  bool has_default_endpoint = false;
  ResourceTags mapping_tags = {};
  // Whether functions can be run as that role. Unset: as any, also one that is not there.
  std::function<bool(const std::string& role_arn)> is_role_for_functions = nullptr;
};

// The operations on functions. `api` must outlive the service.
[[nodiscard]] api::RestService function_service(FunctionApi& api);

}  // namespace millrace::functions
