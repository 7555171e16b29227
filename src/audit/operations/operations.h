// The operations on trails and tags, each in the file of its name.
#pragma once

#include "audit/operations/trail_call.h"

namespace millrace::audit {

// Those that only look answer at once.
[[nodiscard]] Result<std::string> describe_trails(const TrailCall& call);
[[nodiscard]] Result<std::string> get_event_selectors(const TrailCall& call);
[[nodiscard]] Result<std::string> get_insight_selectors(const TrailCall& call);
[[nodiscard]] Result<std::string> get_trail(const TrailCall& call);
[[nodiscard]] Result<std::string> get_trail_status(const TrailCall& call);
[[nodiscard]] Result<std::string> list_tags(const TrailCall& call);
[[nodiscard]] Result<std::string> list_trails(const TrailCall& call);
[[nodiscard]] Result<std::string> put_insight_selectors(const TrailCall& call);

// Those that change something answer when that is durable.
void add_tags(const TrailCall& call, api::Reply reply);
void create_trail(const TrailCall& call, api::Reply reply);
void delete_trail(const TrailCall& call, api::Reply reply);
void put_event_selectors(const TrailCall& call, api::Reply reply);
void remove_tags(const TrailCall& call, api::Reply reply);
void start_logging(const TrailCall& call, api::Reply reply);
void stop_logging(const TrailCall& call, api::Reply reply);
void update_trail(const TrailCall& call, api::Reply reply);

}  // namespace millrace::audit
