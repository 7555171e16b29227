#include "audit/operations/operations.h"
#include "audit/operations/trail_description.h"
#include "audit/selectors_json.h"

namespace millrace::audit {
namespace {

Result<Selectors> read_selectors(const TrailCall& call) {
  const auto basic = array_of(call, "EventSelectors");
  const auto advanced = array_of(call, "AdvancedEventSelectors");
  if (basic.has_value() == advanced.has_value()) {
    return Error{ErrorCode::kInvalidEventSelectorsException,
                 "Specify either EventSelectors or AdvancedEventSelectors."};
  }
  Selectors selectors;
  if (basic) {
    selectors.basic = TRY(read_basic_selectors(*basic));
  } else {
    selectors.advanced = TRY(read_advanced_selectors(*advanced, SelectorOwner::kTrail));
  }
  return selectors;
}

std::string describe(const Trail& trail) {
  std::string out;
  json::Writer writer(out);
  write_trail_selectors(writer, trail);
  return out;
}

}  // namespace

void put_event_selectors(const TrailCall& call, api::Reply reply) {
  const auto trail = find_trail(call, "TrailName");
  if (!trail.ok()) return reply(trail.error());
  auto selectors = read_selectors(call);
  if (!selectors.ok()) return reply(std::move(selectors).error());
  const auto put = [selectors = *std::move(selectors)](Trail& changed) -> Status {
    changed.selectors = selectors;
    return Done{};
  };
  edit_trail(call.services, (*trail)->name, put, describe, std::move(reply));
}

}  // namespace millrace::audit
