// What stands behind a Respond: the way back from a handler to the connection that asked.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "http/connection.h"

namespace millrace::http {

// Thread-safe. Outlives the connection, and the server, where need be.
class RequestTicket {
 public:
  RequestTicket(Connection& connection, Loop& loop, ByteBudget::Charge charge);
  ~RequestTicket();
  RequestTicket(const RequestTicket&) = delete;
  RequestTicket& operator=(const RequestTicket&) = delete;

  // Asserts that it is the first answer.
  void answer(Response response);

 private:
  void deliver(std::optional<Response> response);

  const std::shared_ptr<Loop> loop_;
  const std::weak_ptr<Connection> connection_;
  ByteBudget::Charge
      charge_;  // of the request's body; destroyed before loop_, which has the budget
  std::atomic<bool> answered_ = false;
};

}  // namespace millrace::http
