#include "audit/operations/operations.h"

namespace millrace::audit {

void stop_logging(const TrailCall& call, api::Reply reply) {
  auto name = named_trail(call, "Name");
  if (!name.ok()) return reply(std::move(name).error());
  const auto stop = [&clock = call.services.clock](Trail& trail) -> Status {
    if (!trail.logging) return Done{};
    trail.logging = false;
    trail.stop_logging_milliseconds = clock.now_milliseconds();
    return Done{};
  };
  edit_trail(
      call.services, *name, stop, [](const Trail&) { return empty_answer(); }, std::move(reply));
}

}  // namespace millrace::audit
