// From an HTTP request to the operation it names and back: routing, validation, error mapping.
#pragma once

#include <string>
#include <unordered_map>

#include "api/validate.h"
#include "http/handler.h"
#include "wire/service.h"

namespace millrace::wire {

// Thread-safe. `database` must outlive it and every request in flight.
class FrontEnd final : public http::Handler {
 public:
  explicit FrontEnd(ops::Database& database);

  void handle(http::Request request, http::Respond respond) override;
  [[nodiscard]] http::Response refuse(int status, std::string_view reason) override;

 private:
  struct Route {
    const api::Shape* input;
    ops::Operation run;
  };

  [[nodiscard]] http::Response answer_get(const http::Request& request) const;
  void answer_post(const http::Request& request, http::Respond respond);
  // Replies with an error, or hands the request to its operation.
  void dispatch(const http::Request& request, ops::Reply reply);

  ops::Database& database_;
  std::unordered_map<std::string_view, Route> routes_;  // by the whole X-Amz-Target
  std::vector<std::string> targets_;                    // what the keys of routes_ point into
};

}  // namespace millrace::wire
