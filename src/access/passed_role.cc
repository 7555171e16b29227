#include "access/passed_role.h"

namespace millrace::access {

Status ask_pass_role(Inquiry& inquiry, std::string_view role_arn, std::string_view service) {
  if (role_arn.empty()) return Done{};
  return inquiry.ask_for("iam:PassRole", role_arn,
                         {.passed_to_service = service, .entity_arn = role_arn});
}

}  // namespace millrace::access
