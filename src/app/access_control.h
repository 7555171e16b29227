// Who may do what on this server: the account and its keys, and the gate that every request passes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/gate.h"
#include "api/service.h"
#include "app/config.h"
#include "functions/function_store.h"
#include "functions/settings.h"
#include "iam/account.h"
#include "ops/database.h"

namespace millrace::app {

// Thread-safe once it is set up. Ends before the engine, and after all that it is asked by.
class AccessControl {
 public:
  virtual ~AccessControl() = default;

  // InvalidConfiguration for a key file or a root key that is no good, InternalServerError when
  // what is stored is damaged. All that is passed by reference outlives it.
  static Result<std::unique_ptr<AccessControl>> open(const Config& config, ops::Database& database,
                                                     Random& secrets);

  [[nodiscard]] virtual const access::Gate& gate() const = 0;
  // IAM and STS.
  [[nodiscard]] virtual std::vector<api::QueryService> query_services() = 0;
  // That this start has made: to be shown, once.
  [[nodiscard]] virtual std::optional<iam::AccessKey> new_root_key() const = 0;

  // Of functions, for their settings and their API; both are unset where access is not controlled.
  [[nodiscard]] virtual functions::AssumeRole assume_role() = 0;
  [[nodiscard]] virtual std::function<bool(const std::string& role_arn)>
  is_role_for_functions() = 0;
  // Where the policies of functions are, for as long as requests come. Before the first one.
  virtual void set_functions(const functions::FunctionStore& functions) = 0;
};

}  // namespace millrace::app
