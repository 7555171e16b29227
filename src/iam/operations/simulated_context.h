// The condition keys of a simulated request: those of ContextEntries, and what is known of the
// caller.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/document.h"
#include "policy/decision.h"

namespace millrace::iam {

// For one thread.
class SimulatedContext final : public policy::RequestContext {
 public:
  // InvalidInput for an entry without a name, of a wrong number of values, or whose values are not
  // of its type.
  static Result<SimulatedContext> read(json::Object input, const auth::Principal* caller);

  [[nodiscard]] std::optional<std::vector<std::string>> values(std::string_view key) const override;

  // The keys that were asked for since the last call, and not known.
  [[nodiscard]] std::vector<std::string> take_missing() const;

 private:
  [[nodiscard]] Status add(json::Object entry);

  std::map<std::string, std::vector<std::string>, std::less<>> values_;  // by lower-case key
  mutable std::map<std::string, std::string> missing_;  // as the policy has them, by lower case
};

}  // namespace millrace::iam
