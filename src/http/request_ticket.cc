#include "http/request_ticket.h"

#include <boost/asio/post.hpp>

namespace millrace::http {

RequestTicket::RequestTicket(Connection& connection, Loop& loop, ByteBudget::Charge charge)
    : loop_(loop.shared_from_this()),
      connection_(connection.weak_from_this()),
      charge_(std::move(charge)) {}

RequestTicket::~RequestTicket() {
  if (!answered_) deliver(std::nullopt);
}

void RequestTicket::answer(Response response) {
  MILLRACE_CHECK(!answered_.exchange(true));
  charge_.release();
  deliver(std::move(response));
}

void RequestTicket::deliver(std::optional<Response> response) {
  const Executor executor = loop_->executor();
  if (executor.running_in_this_thread()) {
    const std::shared_ptr<Connection> connection = connection_.lock();
    if (!connection) return;
    if (connection->is_calling_handler()) {
      connection->answer(std::move(response));
      return;
    }
  }
  // Never locked here: a connection must not end on another thread.
  boost::asio::post(executor, [connection = connection_, response = std::move(response)]() mutable {
    if (const auto alive = connection.lock()) alive->answer(std::move(response));
  });
}

}  // namespace millrace::http
