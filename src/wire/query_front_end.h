// The AWS query protocol: from a form with an Action to the operation and back to XML.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "access/gate.h"
#include "api/service.h"
#include "api/validate.h"
#include "audit/recorder.h"
#include "base/random.h"
#include "http/handler.h"
#include "wire/query_form.h"

namespace millrace::wire {

// Thread-safe. What the services work with, the recorder and the gate must outlive it and every
// request in flight. `recorder` and `gate` may be nullptr.
class QueryFrontEnd {
 public:
  QueryFrontEnd(Random& random, std::vector<api::QueryService> services,
                const audit::Recorder* recorder, const access::Gate* gate);

  // Whether it is a request of this protocol: a form, or a GET with an Action.
  [[nodiscard]] static bool is_query(const http::Request& request);
  void handle(http::Request request, http::Respond respond) const;

 private:
  struct Route {
    const api::QueryService* service;
    const api::JsonOperation* operation;
    const api::Shape* input;
    const audit::RequestKind* kind;  // nullptr: it is never recorded
    const access::Action* action;
  };

  void run(const Route& route, const http::Request& request, const QueryForm& form,
           http::Respond respond) const;
  // Replies with an error, or hands the request to its operation.
  void dispatch(const Route& route, const http::Request& request, api::Request call,
                const Result<json::Document>& document, api::Reply reply) const;
  // Which service it is, the version tells. nullptr: there is no such operation.
  [[nodiscard]] const Route* find_route(const QueryForm& form) const;
  // Of a request that names no operation.
  [[nodiscard]] http::Response refuse_unknown(const http::Request& request,
                                              const QueryForm& form) const;

  Random& random_;
  const std::vector<api::QueryService> services_;
  std::map<std::pair<std::string, std::string>, Route> routes_;  // by Version and Action
  const audit::Recorder* const recorder_;
  const access::Gate* const gate_;
};

}  // namespace millrace::wire
