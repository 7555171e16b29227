#include <fmt/format.h>

#include "iam/operations/input.h"
#include "iam/operations/operations.h"
#include "iam/operations/page.h"

namespace millrace::iam {

// An account has one: a new one takes the place of the one before.
Answer create_account_alias(Account& account, const Call& call) {
  std::string alias = text_of(call.input, "AccountAlias");
  if (alias == account.alias) {
    return Error{ErrorCode::kEntityAlreadyExists,
                 fmt::format("The account alias {} already exists.", alias)};
  }
  account.alias = std::move(alias);
  return std::string();
}

Answer list_account_aliases(const Account& account, const Call& call) {
  std::vector<Keyed<std::string>> aliases;
  if (!account.alias.empty()) aliases.emplace_back(account.alias, account.alias);
  return answer_page(call.input, "AccountAliases", aliases,
                     [](json::Writer& writer, const std::string& alias) { writer.string(alias); });
}

Answer delete_account_alias(Account& account, const Call& call) {
  const std::string alias = text_of(call.input, "AccountAlias");
  if (alias != account.alias) {
    return no_such_entity(fmt::format("The account alias {} cannot be found.", alias));
  }
  account.alias.clear();
  return std::string();
}

}  // namespace millrace::iam
