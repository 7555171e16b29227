#include "logs/tokens.h"

#include <charconv>

#include <fmt/format.h>

#include "json/base64.h"

namespace millrace::logs {
namespace {

constexpr size_t kDigits = 56;
constexpr size_t kScopeDigits = 15;
constexpr size_t kNumberDigits = 20;
constexpr std::string_view kNamePrefix = "name:";

std::optional<uint64_t> read_digits(std::string_view digits) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string position_token(uint64_t scope, Position position) {
  return fmt::format("3{:0{}}{:0{}}{:0{}}", scope, kScopeDigits, position.time, kNumberDigits,
                     position.sequence, kNumberDigits);
}

std::optional<Position> read_position_token(std::string_view token, uint64_t scope) {
  if (token.size() != kDigits || token.front() != '3') return std::nullopt;
  const auto number = read_digits(token.substr(1, kScopeDigits));
  const auto time = read_digits(token.substr(1 + kScopeDigits, kNumberDigits));
  const auto sequence = read_digits(token.substr(1 + kScopeDigits + kNumberDigits));
  if (!number || *number != scope || !time || !sequence) return std::nullopt;
  return Position{*time, *sequence};
}

std::string sequence_token(const Stream& stream) {
  return position_token(stream.number, {0, stream.last_sequence});
}

std::string name_token(std::string_view name) {
  return json::base64_encode(std::string(kNamePrefix) + std::string(name));
}

std::optional<std::string> read_name_token(std::string_view token) {
  auto text = json::base64_decode(token);
  if (!text || !text->starts_with(kNamePrefix)) return std::nullopt;
  return text->substr(kNamePrefix.size());
}

}  // namespace millrace::logs
