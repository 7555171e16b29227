#include "audit/kms_key_arn.h"

#include <fmt/format.h>
#include <re2/re2.h>

namespace millrace::audit {

Result<std::string> kms_key_arn(const catalog::Site& site, std::string_view key) {
  static const re2::RE2 arn_pattern(
      "arn:aws:kms:[a-z0-9-]{1,32}:[0-9]{12}:(key/[A-Za-z0-9-]{1,64}|alias/[A-Za-z0-9/_-]{1,250})");
  static const re2::RE2 id_pattern(
      "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|"
      "mrk-[0-9a-fA-F]{32}");
  std::string arn(key);
  if (key.starts_with("alias/")) {
    arn = fmt::format("arn:aws:kms:{}:{}:{}", site.region, site.account_id, key);
  } else if (re2::RE2::FullMatch({key.data(), key.size()}, id_pattern)) {
    arn = fmt::format("arn:aws:kms:{}:{}:key/{}", site.region, site.account_id, key);
  }
  if (re2::RE2::FullMatch(arn, arn_pattern)) return arn;
  return Error{ErrorCode::kInvalidKmsKeyIdException,
               "KmsKeyId is neither the name of an alias, as alias/NAME, nor the id of a key, nor "
               "the ARN of either."};
}

}  // namespace millrace::audit
