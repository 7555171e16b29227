// The rows of the table of operations, which stand in a file for each service.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "access/inquiry.h"

namespace millrace::access {

// Asks for everything that an operation does: as the Service Authorization Reference has it.
using Ask = Status (*)(Inquiry& inquiry);

struct Action {
  std::string_view operation;
  std::string_view service;     // in the scope of its signatures
  std::string_view permission;  // "dynamodb:GetItem"; of several, or none, empty
  Ask ask;                      // nullptr: everybody may
};

// Of an operation that has the name of its action.
constexpr Action row(std::string_view permission, Ask ask) {
  const size_t colon = permission.find(':');
  return {permission.substr(colon + 1), permission.substr(0, colon), permission, ask};
}

// In the order of their names, each once, no other.
constexpr bool are_rows_of(std::span<const Action> rows,
                           std::span<const std::string_view> operations) {
  return std::ranges::equal(rows, operations, {}, &Action::operation);
}

[[nodiscard]] std::span<const Action> cloudtrail_actions();
[[nodiscard]] std::span<const Action> dynamodb_actions();
[[nodiscard]] std::span<const Action> dynamodbstreams_actions();
[[nodiscard]] std::span<const Action> iam_actions();
[[nodiscard]] std::span<const Action> lambda_actions();
[[nodiscard]] std::span<const Action> logs_actions();
[[nodiscard]] std::span<const Action> millrace_actions();
[[nodiscard]] std::span<const Action> sts_actions();

}  // namespace millrace::access
