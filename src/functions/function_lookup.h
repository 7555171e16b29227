// From what a request calls a function to the version that is meant.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "functions/function_name.h"
#include "functions/function_store.h"

namespace millrace::functions {

inline constexpr std::string_view kLatest = "$LATEST";

struct FoundVersion {
  FunctionPointer function;
  FunctionVersionPointer version;
  std::string qualifier;  // as the request has it: a version, an alias or nothing
};

// The qualifier, if there is one, must be of a version or an alias that there is:
// ResourceNotFoundException.
[[nodiscard]] Result<FoundVersion> find_version(const FunctionStore& store,
                                                const catalog::Site& site, std::string_view text,
                                                std::string_view qualifier = {});
// The same for an invocation: an alias may have shares for several versions.
[[nodiscard]] Result<FoundVersion> choose_version(const FunctionStore& store,
                                                  const catalog::Site& site, std::string_view text,
                                                  std::string_view qualifier, Random& random);

// nullptr when there is none. `version` is "$LATEST" or a number.
[[nodiscard]] FunctionVersionPointer version_of(const Function& function, std::string_view version);
// nullopt for what is no published version's number.
[[nodiscard]] std::optional<uint64_t> version_number(std::string_view version);

}  // namespace millrace::functions
