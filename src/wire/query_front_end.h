// The AWS query protocol: from a form with an Action to the operation and back to XML.
#pragma once

#include <vector>

#include "access/gate.h"
#include "api/service.h"
#include "audit/recorder.h"
#include "base/random.h"
#include "http/handler.h"

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
  Random& random_;
  const std::vector<api::QueryService> services_;
  const audit::Recorder* const recorder_;
  [[maybe_unused]] const access::Gate* const gate_;
};

}  // namespace millrace::wire
