// From an HTTP request to the operation it names and back: routing, validation, error mapping.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "access/gate.h"
#include "api/service.h"
#include "api/validate.h"
#include "audit/recorder.h"
#include "base/random.h"
#include "catalog/arn.h"
#include "http/handler.h"
#include "wire/query_front_end.h"
#include "wire/request_id.h"
#include "wire/rest_front_end.h"

namespace millrace::wire {

// What a FrontEnd puts before the world.
struct FrontEndParts {
  // Writes the page of GET /metrics, and calls once, on any thread.
  using WriteMetrics = std::function<void(std::function<void(Result<std::string>)> done)>;

  std::vector<api::JsonService> json_services;
  std::vector<api::RestService> rest_services = {};
  std::vector<api::QueryService> query_services = {};
  WriteMetrics write_metrics = nullptr;       // nullptr: there is no such page
  const audit::Recorder* recorder = nullptr;  // nullptr: nothing is recorded
  const access::Gate* gate = nullptr;         // nullptr: everybody may come in, unnamed
  // Where access control is enforced: whether other machines may read the metrics too.
  bool open_metrics = false;
};

// Thread-safe. What the services work with, the recorder and the gate must outlive it and every
// request in flight.
class FrontEnd final : public http::Handler {
 public:
  FrontEnd(const catalog::Site& site, Random& random, FrontEndParts parts);

  void handle(http::Request request, http::Respond respond) override;
  [[nodiscard]] http::Response refuse(int status, std::string_view reason) override;

 private:
  struct Route {
    const api::Shape* input;
    const api::JsonOperation* operation;
    bool plain_error_types;
    ErrorCode constraint_error;
    const audit::RequestKind* kind;  // nullptr: it is never recorded
    const access::Action* action;    // nullptr only without a gate
  };

  [[nodiscard]] http::Response answer_get(const http::Request& request) const;
  [[nodiscard]] bool may_read_metrics(const http::Request& request) const;
  void answer_metrics(http::Respond respond) const;
  void answer_unknown(const http::Request& request, const http::Respond& respond);
  // Takes from `request` what it keeps.
  void answer_post(http::Request& request, http::Respond respond);
  void run(const Route& route, const http::Request& request, const RequestId& request_id,
           http::Respond respond) const;
  // nullptr when the request names no operation.
  [[nodiscard]] const Route* find_route(const http::Request& request) const;
  // Replies with an error, or hands `call`, once it has its input, to its operation.
  void dispatch(const Route& route, const http::Request& request, api::Request call,
                const json::Document& document, api::Reply reply) const;

  const catalog::Site site_;
  RequestIds request_ids_;
  const std::vector<api::JsonService> services_;
  std::map<std::string, Route, std::less<>> routes_;  // by the whole X-Amz-Target
  const RestFrontEnd rest_;
  const QueryFrontEnd query_;
  const FrontEndParts::WriteMetrics write_metrics_;
  const audit::Recorder* const recorder_;
  const access::Gate* const gate_;
  const bool open_metrics_;
};

}  // namespace millrace::wire
