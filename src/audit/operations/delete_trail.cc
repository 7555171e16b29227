#include "audit/operations/operations.h"

namespace millrace::audit {

void delete_trail(const TrailCall& call, api::Reply reply) {
  auto name = named_trail(call, "Name");
  if (!name.ok()) return reply(std::move(name).error());
  const auto drop = [&site = call.services.site,
                     name = *name](const TrailPointer& before) -> Result<TrailPointer> {
    if (before == nullptr) return trail_not_found(site, name);
    return TrailPointer();
  };
  call.services.store.change(*name, drop, [reply = std::move(reply)](Result<TrailPointer> dropped) {
    if (!dropped.ok()) return reply(std::move(dropped).error());
    reply(empty_answer());
  });
}

}  // namespace millrace::audit
