#include "audit/operations/operations.h"
#include "audit/operations/trail_description.h"
#include "audit/operations/trail_settings.h"

namespace millrace::audit {
namespace {

struct Update {
  Trail trail;  // as it will be, unless it changes meanwhile
  TrailSettings settings;
};

Result<Update> read_update_trail(const TrailCall& call) {
  const TrailPointer trail = TRY(find_trail(call, "Name"));
  Update update{*trail, {}};
  update.settings = TRY(read_trail_settings(call));
  TRY(apply(update.settings, update.trail));
  return update;
}

std::string describe(const Trail& trail) {
  std::string out;
  json::Writer writer(out);
  write_trail_settings(writer, trail);
  return out;
}

}  // namespace

void update_trail(const TrailCall& call, api::Reply reply) {
  auto update = read_update_trail(call);
  if (!update.ok()) return reply(std::move(update).error());
  const auto& services = call.services;
  const auto edit = [settings = update->settings](Trail& trail) { return apply(settings, trail); };
  check_destinations(
      services, update->trail,
      [services, name = update->trail.name, edit, reply = std::move(reply)](Status status) mutable {
        if (!status.ok()) return reply(std::move(status).error());
        edit_trail(services, name, edit, describe, std::move(reply));
      });
}

}  // namespace millrace::audit
