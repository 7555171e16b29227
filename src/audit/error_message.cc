#include "audit/request_description.h"

namespace millrace::audit {
namespace {

constexpr std::string_view kRedacted = "***(Redacted)";

// Messages that end with a value.
constexpr std::string_view kBeforeValue[] = {
    "The parameter cannot be converted to a numeric value: ",  // model/number.cc
    "Unsupported token in expression: ",                       // partiql/conditions.cc
};

// "1 validation error detected: Value '…' at 'statement' failed to satisfy …". Values are not
// escaped, so where one ends is sure only of the last.
std::string without_constraint_values(std::string_view message) {
  constexpr std::string_view kBegin = "Value '";
  constexpr std::string_view kEnd = "' at '";
  const size_t begin = message.find(kBegin);
  const size_t end = message.rfind(kEnd);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
    return std::string(message);
  }
  std::string told(message.substr(0, begin + kBegin.size()));
  told += kRedacted;
  told += message.substr(end);
  return told;
}

}  // namespace

std::string error_code_of(const RequestKind& kind, ErrorCode code) {
  std::string name(error_name(code));
  if (kind.model != "iam" && kind.model != "sts") return name;
  if (code == ErrorCode::kAccessDeniedException) return "AccessDenied";
  const bool has_ending = name.ends_with("Exception") || error_http_status(code) >= 500;
  return has_ending ? name : name + "Exception";
}

std::string error_message_of(const RequestKind& kind, std::string_view message) {
  if (kind.category != Category::kData) return std::string(message);
  for (const std::string_view before : kBeforeValue) {
    const size_t at = message.find(before);
    if (at == std::string_view::npos) continue;
    return std::string(message.substr(0, at + before.size())) + std::string(kRedacted);
  }
  return without_constraint_values(message);
}

}  // namespace millrace::audit
