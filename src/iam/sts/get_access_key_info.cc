#include <algorithm>

#include <fmt/format.h>

#include "iam/sts/session_request.h"

namespace millrace::iam::sts {
namespace {

// Also an inactive one.
bool has_key(const Account& account, const std::string& access_key_id) {
  if (account.root_key && account.root_key->access_key_id == access_key_id) return true;
  return std::ranges::any_of(account.users, [&](const auto& entry) {
    return std::ranges::find(entry.second->access_keys, access_key_id, &AccessKey::access_key_id) !=
           entry.second->access_keys.end();
  });
}

}  // namespace

Answer get_access_key_info(const Call& call) {
  const std::string id = optional_text(call.input, "AccessKeyId").value_or("");
  if (id != call.caller->access_key_id && !has_key(call.account, id)) {
    return validation_error(fmt::format("The access key {} is not one of this account", id));
  }
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.member("Account", call.account.account_id);
  writer.end_object();
  return text;
}

}  // namespace millrace::iam::sts
