#include "functions/function_name.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace millrace::functions {
namespace {

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon + 1);
  }
}

bool is_account(std::string_view part) {
  return part.size() == 12 &&
         std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
}

// "us-east-1": two letters, and a digit behind the last of at least two hyphens.
bool is_region(std::string_view part) {
  return part.size() > 5 && part[2] == '-' && std::ranges::count(part, '-') >= 2 &&
         part.back() >= '0' && part.back() <= '9';
}

}  // namespace

Result<FunctionName> read_function_name(const catalog::Site& site, std::string_view text,
                                        std::string_view qualifier) {
  const Error elsewhere{ErrorCode::kResourceNotFoundException,
                        "Function not found: " + std::string(text)};
  std::vector<std::string_view> parts = split(text);
  size_t at = 0;
  if (parts[0] == "arn") {
    if (parts.size() < 7 || parts[1] != "aws" || parts[3] != site.region) return elsewhere;
    at = 4;
  } else if (parts.size() > 2 && is_region(parts[0])) {
    if (parts[0] != site.region) return elsewhere;
    at = 1;
  }
  // A name may look like an account id: it is one only where something follows that can be the
  // name.
  if (parts.size() > at + 1 && is_account(parts[at])) {
    if (parts[at] != site.account_id) return elsewhere;
    ++at;
  }
  if (parts.size() > at + 1 && parts[at] == "function") ++at;
  if (parts.size() > at + 2) return elsewhere;
  FunctionName name{std::string(parts[at]), std::string(qualifier)};
  if (parts.size() == at + 2) {
    if (!qualifier.empty() && qualifier != parts[at + 1]) {
      return invalid_parameter(
          "The derived qualifier from the function name does not match the specified qualifier.");
    }
    name.qualifier = parts[at + 1];
  }
  return name;
}

std::string function_arn(const catalog::Site& site, std::string_view name,
                         std::string_view qualifier) {
  return fmt::format("arn:aws:lambda:{}:{}:function:{}{}{}", site.region, site.account_id, name,
                     qualifier.empty() ? "" : ":", qualifier);
}

Error function_not_found(const catalog::Site& site, const FunctionName& name) {
  return {ErrorCode::kResourceNotFoundException,
          "Function not found: " + function_arn(site, name.name, name.qualifier)};
}

Error invalid_parameter(std::string message) {
  return {ErrorCode::kInvalidParameterValueException, std::move(message)};
}

}  // namespace millrace::functions
