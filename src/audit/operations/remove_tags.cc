#include "audit/operations/operations.h"
#include "audit/operations/tags.h"

namespace millrace::audit {

void remove_tags(const TrailCall& call, api::Reply reply) {
  auto removed = read_tags(call);
  if (!removed.ok()) return reply(std::move(removed).error());
  const auto remove = [removed = *std::move(removed)](Tags& tags) -> Status {
    remove_tags(tags, removed);
    return Done{};
  };
  change_tags(call, remove, std::move(reply));
}

}  // namespace millrace::audit
