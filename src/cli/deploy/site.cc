#include "cli/deploy/site.h"

#include "cli/client/answer.h"
#include "cli/resources/lambda_calls.h"

namespace millrace::cli::deploy {

namespace {

// Millrace's own, when it is not told another.
constexpr const char* kDefaultAccountId = "000000000000";

}  // namespace

Result<Site> find_site(ServiceClient& client, const std::string& region) {
  // "Function not found: arn:aws:lambda:REGION:ACCOUNT:function:NAME"
  const auto answer = client.send({.operation = "GetFunction",
                                   .method = "GET",
                                   .path = resources::function_path("millrace-deploy-site")});
  Site site{region, kDefaultAccountId};
  if (answer.ok()) return site;
  if (answer.error().code != ErrorCode::kResourceNotFoundException) return answer.error();
  const std::string& message = answer.error().message;
  const size_t begin = message.find("arn:");
  if (begin == std::string::npos) return site;
  const std::string_view arn = std::string_view(message).substr(begin);
  const std::string told_region = resources::arn_part(arn, 3);
  const std::string told_account = resources::arn_part(arn, 4);
  if (!told_region.empty()) site.region = told_region;
  if (!told_account.empty()) site.account_id = told_account;
  return site;
}

}  // namespace millrace::cli::deploy
