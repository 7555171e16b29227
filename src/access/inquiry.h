// What a row of the table of operations gets, and whom it asks whether the principal may.
#pragma once

#include <optional>
#include <string_view>

#include "access/action.h"
#include "auth/principal.h"
#include "base/result.h"
#include "catalog/arn.h"
#include "iam/account.h"
#include "json/document.h"
#include "partiql/statement.h"

namespace millrace::access {

// What one question is about beside its action and resource: where condition keys are read from.
// Views live as long as the question.
struct Part {
  std::string_view table_name = {};  // of this server; empty: about no table of it
  std::string_view index_name = {};
  // What has the Key, Keys, Item, expressions … of one table: a whole request or a part of it.
  std::optional<json::Object> items = {};
  std::optional<json::Array> writes = {};         // of BatchWriteItem, to one table
  const partiql::Statement* statement = nullptr;  // of which `items` are the parameters
  std::string_view enclosing_operation = {};      // "TransactWriteItems"
  std::string_view passed_to_service = {};        // of iam:PassRole
  std::string_view entity_arn = {};               // of the user, role or policy it is about
};

class Inquiry {
 public:
  Inquiry(const Action& action, json::Object input, const catalog::Site& site,
          const auth::Principal& principal)
      : action_(action), input_(input), site_(site), principal_(principal) {}
  virtual ~Inquiry() = default;
  Inquiry(const Inquiry&) = delete;
  Inquiry& operator=(const Inquiry&) = delete;

  [[nodiscard]] const Action& action() const { return action_; }
  [[nodiscard]] json::Object input() const { return input_; }
  [[nodiscard]] const catalog::Site& site() const { return site_; }
  [[nodiscard]] const auth::Principal& principal() const { return principal_; }
  // nullptr: not known.
  [[nodiscard]] virtual iam::AccountPointer account() const = 0;

  // For the permission of the row.
  [[nodiscard]] Status ask(std::string_view resource, const Part& part = {});
  // AccessDeniedException.
  [[nodiscard]] virtual Status ask_for(std::string_view permission, std::string_view resource,
                                       const Part& part) = 0;

 private:
  const Action& action_;
  const json::Object input_;
  const catalog::Site& site_;
  const auth::Principal& principal_;
};

// Of what a request does not say, or not so that it could be read: only whoever may do it to
// everything may.
inline constexpr std::string_view kAnything = "*";

}  // namespace millrace::access
