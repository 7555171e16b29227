#include "http/request_ticket.h"

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
  if (loop_->executor().running_in_this_thread()) {
    const std::shared_ptr<Connection> connection = connection_.lock();
    if (!connection) return;
    if (connection->is_calling_handler()) {
      connection->answer(std::move(response));
      return;
    }
  }
  loop_->deliver(connection_, std::move(response));
}

}  // namespace millrace::http
