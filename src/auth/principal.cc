#include "auth/principal.h"

namespace millrace::auth {

PrincipalPointer service_principal(std::string service_name) {
  Principal principal;
  principal.type = PrincipalType::kService;
  principal.service_name = std::move(service_name);
  return std::make_shared<const Principal>(std::move(principal));
}

PrincipalPointer anonymous_principal() {
  static const PrincipalPointer principal = std::make_shared<const Principal>();
  return principal;
}

}  // namespace millrace::auth
