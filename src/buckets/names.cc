#include "buckets/names.h"

#include <algorithm>
#include <string>

namespace millrace::buckets {
namespace {

constexpr size_t kBucketNameMin = 3;
constexpr size_t kBucketNameMax = 63;
constexpr size_t kObjectNameMax = 1024;
constexpr size_t kPartMax = 255;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_part(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && part.size() <= kPartMax &&
         std::ranges::none_of(part,
                              [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

bool is_bucket_name(std::string_view name) {
  return name.size() >= kBucketNameMin && name.size() <= kBucketNameMax &&
         is_letter_or_digit(name.front()) && is_letter_or_digit(name.back()) &&
         name.find("..") == std::string_view::npos && std::ranges::all_of(name, [](char c) {
           return is_letter_or_digit(c) || c == '.' || c == '-';
         });
}

Status check_object_name(std::string_view name) {
  bool fits = name.size() <= kObjectNameMax;
  for (std::string_view rest = name; fits;) {
    const size_t slash = rest.find('/');
    fits = is_part(rest.substr(0, slash));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (fits) return Done{};
  return Error{ErrorCode::kInvalidParameterValueException,
               "No object can have this name: " + std::string(name)};
}

}  // namespace millrace::buckets
