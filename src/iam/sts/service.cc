#include "iam/sts/service.h"

#include "iam/sts/call.h"

namespace millrace::iam::sts {
namespace {

struct OperationRow {
  std::string_view name;
  std::string_view input;  // shape of the request, in the API model
  Answer (*run)(const Call& call);
};

constexpr OperationRow kOperations[] = {
    {"AssumeRole", "AssumeRoleRequest", assume_role},
    {"GetAccessKeyInfo", "GetAccessKeyInfoRequest", get_access_key_info},
    {"GetCallerIdentity", "GetCallerIdentityRequest", get_caller_identity},
    {"GetFederationToken", "GetFederationTokenRequest", get_federation_token},
    {"GetSessionToken", "GetSessionTokenRequest", get_session_token},
};

}  // namespace

api::QueryService sts_service(const StsParts& parts) {
  api::QueryService service{"sts", "2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/", {}};
  for (const OperationRow& row : kOperations) {
    service.operations.push_back(
        {std::string(row.name), std::string(row.input),
         [parts, run = row.run](const api::Request& request, const api::Reply& reply) {
           const AccountPointer account = parts.store.account();
           reply(run({parts, *account, request.input, request.principal}));
         }});
  }
  return service;
}

}  // namespace millrace::iam::sts
