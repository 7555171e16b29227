#include "audit/operations/operations.h"
#include "audit/operations/tags.h"

namespace millrace::audit {

void add_tags(const TrailCall& call, api::Reply reply) {
  auto added = read_tags(call);
  if (!added.ok()) return reply(std::move(added).error());
  change_tags(
      call, [added = *std::move(added)](Tags& tags) { return add_tags(tags, added); },
      std::move(reply));
}

}  // namespace millrace::audit
