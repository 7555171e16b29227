// Members of a request that has passed validation: their JSON types are right.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "iam/account.h"
#include "json/document.h"

namespace millrace::iam {

[[nodiscard]] std::optional<std::string> optional_text(json::Object input, std::string_view name);
// Empty when absent.
[[nodiscard]] std::string text_of(json::Object input, std::string_view name);
[[nodiscard]] std::optional<int64_t> optional_integer(json::Object input, std::string_view name);
// False when absent.
[[nodiscard]] bool flag_of(json::Object input, std::string_view name);
// Empty when absent.
[[nodiscard]] std::vector<std::string> texts_of(json::Object input, std::string_view name);

[[nodiscard]] inline Error no_such_entity(std::string message) {
  return {ErrorCode::kNoSuchEntity, std::move(message)};
}
[[nodiscard]] inline Error invalid_input(std::string message) {
  return {ErrorCode::kInvalidInput, std::move(message)};
}
[[nodiscard]] inline Error limit_exceeded(std::string message) {
  return {ErrorCode::kLimitExceeded, std::move(message)};
}
[[nodiscard]] inline Error delete_conflict(std::string message) {
  return {ErrorCode::kDeleteConflict, std::move(message)};
}

}  // namespace millrace::iam
