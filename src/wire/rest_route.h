// Which operation of the REST-JSON services a method and path name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/action.h"
#include "api/rest_binding.h"
#include "api/service.h"
#include "audit/request_description.h"

namespace millrace::wire {

struct RestRoute {
  const api::RestBinding* binding;
  const api::RestOperation* operation;
  const audit::RequestKind* kind;  // nullptr: it is never recorded
  const access::Action* action;    // nullptr only where none is needed
};

struct RestMatch {
  RestRoute route;
  std::vector<std::string> labels;  // decoded, in the order of the binding's path members
};

// Immutable. The services must outlive it.
class RestRoutes {
 public:
  // With `needs_actions`, every operation has to have one.
  RestRoutes(const std::vector<api::RestService>& services, bool needs_actions);

  // `path` is without the query, as sent; a slash at its end says nothing.
  [[nodiscard]] std::optional<RestMatch> find(std::string_view method, std::string_view path) const;

 private:
  struct Entry {
    RestRoute route;
    std::vector<std::string_view> segments;  // "{Name}" is a label
  };
  std::vector<Entry> entries_;
};

}  // namespace millrace::wire
