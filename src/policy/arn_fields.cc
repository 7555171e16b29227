#include "policy/arn_fields.h"

namespace millrace::policy {

std::string_view take_arn_field(std::string_view& rest) {
  size_t at = 0;
  bool has_variables = true;
  while (at < rest.size() && rest[at] != ':') {
    if (has_variables && rest.substr(at).starts_with("${")) {
      const size_t end = rest.find('}', at);
      has_variables = end != std::string_view::npos;
      if (has_variables) at = end;
    }
    ++at;
  }
  const std::string_view field = rest.substr(0, at);
  rest.remove_prefix(at < rest.size() ? at + 1 : at);
  return field;
}

std::string complete_arn(std::string_view arn) {
  constexpr int kFields = 6;
  std::string whole(arn);
  if (arn == "*") return whole;
  int fields = 0;
  for (std::string_view rest = arn; !rest.empty() && fields < kFields; ++fields) {
    (void)take_arn_field(rest);
  }
  for (; fields < kFields; ++fields) whole += whole.ends_with(':') ? "*" : ":*";
  return whole;
}

}  // namespace millrace::policy
