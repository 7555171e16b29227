// The AWS REST-JSON protocol: from a request's method, path, query, headers and body to the
// operation and back.
#pragma once

#include <vector>

#include "access/gate.h"
#include "api/service.h"
#include "audit/recorder.h"
#include "base/random.h"
#include "http/handler.h"
#include "wire/rest_route.h"

namespace millrace::wire {

// Thread-safe. What the services work with, the recorder and the gate must outlive it and every
// request in flight. `recorder` and `gate` may be nullptr.
class RestFrontEnd {
 public:
  RestFrontEnd(Random& random, std::vector<api::RestService> services,
               const audit::Recorder* recorder, const access::Gate* gate);

  // Whether `path` is of such a service: they begin with the date of an API version.
  [[nodiscard]] static bool is_rest_path(std::string_view path);
  void handle(http::Request request, http::Respond respond) const;

 private:
  void run(const RestMatch& match, const http::Request& request, http::Respond respond) const;
  void answer_unknown(const http::Request& request, const std::string& request_id,
                      const http::Respond& respond) const;
  // Calls back with an error, or hands `call`, once it has its input, to its operation.
  void dispatch(const RestMatch& match, const http::Request& request, api::Request call,
                const json::Document& document, api::RestReply reply) const;
  [[nodiscard]] bool download(const http::Request& request, const std::string& request_id,
                              const http::Respond& respond) const;

  Random& random_;
  const std::vector<api::RestService> services_;
  const RestRoutes routes_;
  const audit::Recorder* const recorder_;
  const access::Gate* const gate_;
};

// Uploads of code are larger than other requests: of http::ServerOptions.
[[nodiscard]] bool takes_large_body(std::string_view method, std::string_view target);
// As much as the service takes: 50 MB of code in Base64.
inline constexpr size_t kLargeBodyBytesMax = 70'167'211;

}  // namespace millrace::wire
