// The forms in which requests name a function: NAME, ACCOUNT:function:NAME, an ARN, each with or
// without ":QUALIFIER".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/arn.h"

namespace millrace::functions {

struct FunctionName {
  std::string name;
  std::string qualifier;  // empty: none was given
};

// `text` has the form that the API model wants. `qualifier` is what else the request has; both must
// agree: InvalidParameterValueException. ResourceNotFoundException for another account or region.
[[nodiscard]] Result<FunctionName> read_function_name(const catalog::Site& site,
                                                      std::string_view text,
                                                      std::string_view qualifier = {});

[[nodiscard]] std::string function_arn(const catalog::Site& site, std::string_view name,
                                       std::string_view qualifier = {});

// "Function not found: ARN".
[[nodiscard]] Error function_not_found(const catalog::Site& site, const FunctionName& name);

[[nodiscard]] Error invalid_parameter(std::string message);

}  // namespace millrace::functions
