#include "wire/query_front_end.h"

namespace millrace::wire {

QueryFrontEnd::QueryFrontEnd(Random& random, std::vector<api::QueryService> services,
                             const audit::Recorder* recorder, const access::Gate* gate)
    : random_(random), services_(std::move(services)), recorder_(recorder), gate_(gate) {}

bool QueryFrontEnd::is_query(const http::Request& /*request*/) {
  return false;
}

void QueryFrontEnd::handle(http::Request /*request*/, http::Respond respond) const {
  respond({404, {}, {}});
}

}  // namespace millrace::wire
