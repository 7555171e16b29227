// One request of the CloudTrail API about trails on its way through an operation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/service.h"
#include "audit/trail_operations.h"

namespace millrace::audit {

// The input has passed api/validate.h. It lives until the operation function returns: what an
// operation needs later it takes with it.
struct TrailCall {
  const TrailServices& services;
  json::Object input;
};

// Members of the input; nullopt: absent.
[[nodiscard]] std::optional<std::string> text_of(const TrailCall& call, std::string_view name);
[[nodiscard]] std::optional<bool> flag_of(const TrailCall& call, std::string_view name);
[[nodiscard]] std::optional<json::Array> array_of(const TrailCall& call, std::string_view name);
// Empty when absent.
[[nodiscard]] std::vector<std::string> texts_of(const TrailCall& call, std::string_view name);

// What is named by name or ARN in the member `member`. InvalidTrailNameException,
// CloudTrailARNInvalidException.
[[nodiscard]] Result<std::string> named_trail(const TrailCall& call, std::string_view member);
// The trail itself. TrailNotFoundException too.
[[nodiscard]] Result<TrailPointer> find_trail(const TrailCall& call, std::string_view member);
[[nodiscard]] Error trail_not_found(const catalog::Site& site, std::string_view name);

// Changes a trail that is there, and answers with what `answer` makes of it then. `change` returns
// an error, which leaves the trail, or Done.
using TrailEdit = std::function<Status(Trail& trail)>;
using TrailAnswer = std::function<std::string(const Trail& trail)>;
void edit_trail(const TrailServices& services, const std::string& name, TrailEdit edit,
                TrailAnswer answer, api::Reply reply);
// The answer of operations that have nothing to tell.
[[nodiscard]] std::string empty_answer();

}  // namespace millrace::audit
