// What CreateTrail and UpdateTrail may set about a trail.
#pragma once

#include "audit/operations/trail_call.h"

namespace millrace::audit {

// What a request says; nullopt: nothing. Empty texts take the setting away.
struct TrailSettings {
  std::optional<std::string> bucket = {};
  std::optional<std::string> key_prefix = {};
  std::optional<std::string> log_group_arn = {};
  std::optional<std::string> log_role_arn = {};
  std::optional<std::string> kms_key_id = {};
  std::optional<bool> log_file_validation = {};
  std::optional<bool> multi_region = {};
  std::optional<bool> include_global_service_events = {};
};

// Refuses what no trail can have, by the API's errors.
[[nodiscard]] Result<TrailSettings> read_trail_settings(const TrailCall& call);
// Refuses what cannot be together.
[[nodiscard]] Status apply(const TrailSettings& settings, Trail& trail);

// Whether log files and events can go where the trail says; calls `done` once, on any thread.
void check_destinations(const TrailServices& services, const Trail& trail,
                        std::function<void(Status)> done);

}  // namespace millrace::audit
