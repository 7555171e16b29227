#include "iam/operations/entity.h"
#include "iam/operations/operations.h"
#include "iam/operations/policy_reference.h"

namespace millrace::iam {

template <typename Type>
Answer put_boundary(Account& account, const Call& call) {
  Type entity = *TRY(entity_of<Type>(account, call.input));
  entity.grants.boundary_arn = TRY(boundary_of(account, call.input));
  put_entity(account, std::move(entity));
  return std::string();
}

template <typename Type>
Answer delete_boundary(Account& account, const Call& call) {
  Type entity = *TRY(entity_of<Type>(account, call.input));
  entity.grants.boundary_arn.clear();
  put_entity(account, std::move(entity));
  return std::string();
}

template Answer put_boundary<User>(Account& account, const Call& call);
template Answer put_boundary<Role>(Account& account, const Call& call);
template Answer delete_boundary<User>(Account& account, const Call& call);
template Answer delete_boundary<Role>(Account& account, const Call& call);

}  // namespace millrace::iam
