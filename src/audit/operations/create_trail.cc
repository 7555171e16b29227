#include <fmt/format.h>

#include "audit/operations/operations.h"
#include "audit/operations/tags.h"
#include "audit/operations/trail_description.h"
#include "audit/operations/trail_settings.h"
#include "audit/trail_name.h"

namespace millrace::audit {
namespace {

constexpr size_t kTrailsMax = 5;

Result<Trail> read_create_trail(const TrailCall& call) {
  Trail trail;
  trail.name = text_of(call, "Name").value_or("");
  TRY(check_trail_name(trail.name));
  trail.arn = trail_arn(call.services.site, trail.name);
  trail.selectors = default_selectors();
  TRY(apply(TRY(read_trail_settings(call)), trail));
  TRY(add_tags(trail.tags, TRY(read_tags(call))));
  return trail;
}

// Whether there may be a trail of that name beside those that there are.
Status check_room(const TrailServices& services, const std::string& name) {
  const catalog::Site& site = services.site;
  if (services.store.find(name) != nullptr) {
    return Error{ErrorCode::kTrailAlreadyExistsException,
                 fmt::format("Trail {} already exists for customer: {}", name, site.account_id)};
  }
  if (services.store.trails().size() >= kTrailsMax) {
    return Error{ErrorCode::kMaximumNumberOfTrailsExceededException,
                 fmt::format("User: {} already has {} trails in {}.", site.account_id, kTrailsMax,
                             site.region)};
  }
  return Done{};
}

SinkId new_sink(Random& random) {
  while (true) {
    if (const SinkId sink = random.next(); sink != 0) return sink;
  }
}

void insert(const TrailServices& services, Trail trail, api::Reply reply) {
  trail.sink = new_sink(services.random);
  trail.created_milliseconds = services.clock.now_milliseconds();
  const std::string name = trail.name;
  const auto create = [services, trail = std::make_shared<const Trail>(std::move(trail))](
                          const TrailPointer&) -> Result<TrailPointer> {
    TRY(check_room(services, trail->name));
    return trail;
  };
  services.store.change(name, create, [reply = std::move(reply)](Result<TrailPointer> created) {
    if (!created.ok()) return reply(std::move(created).error());
    std::string out;
    json::Writer writer(out);
    write_trail_settings(writer, **created);
    reply(std::move(out));
  });
}

}  // namespace

void create_trail(const TrailCall& call, api::Reply reply) {
  auto trail = read_create_trail(call);
  if (!trail.ok()) return reply(std::move(trail).error());
  // Once more when it is inserted; here, so that a bucket is not asked for nothing.
  auto room = check_room(call.services, trail->name);
  if (!room.ok()) return reply(std::move(room).error());
  const auto& services = call.services;
  check_destinations(services, *trail,
                     [services, trail = *trail, reply = std::move(reply)](Status status) mutable {
                       if (!status.ok()) return reply(std::move(status).error());
                       insert(services, std::move(trail), std::move(reply));
                     });
}

}  // namespace millrace::audit
