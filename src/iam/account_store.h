// The account, kept in memory and in the engine's partition of access control
// (docs/formats/iam.md). Secrets are stored encrypted.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/result.h"
#include "engine/engine.h"
#include "iam/account.h"
#include "iam/secret_box.h"

namespace millrace::iam {

// Thread-safe. The engine and the box must outlive it. The destructor waits for the changes that
// were asked for.
class AccountStore {
 public:
  // Reads everything that is stored. InternalServerError when that is damaged or was encrypted with
  // another key, InvalidConfiguration when it is of another account.
  static Result<std::unique_ptr<AccountStore>> open(engine::Engine& engine, const SecretBox& box,
                                                    std::string account_id);
  virtual ~AccountStore() = default;

  // The state as it is now; cheap.
  [[nodiscard]] virtual AccountPointer account() const = 0;

  // Changes are made one after the other: `change` sees the state as it then is and changes it, or
  // returns an error, which changes nothing. `done` is called when that is durable, on any thread.
  // Neither may block.
  using Change = std::function<Status(Account& account)>;
  virtual void change(Change change, std::function<void(Status)> done) = 0;

  // Rises with every change, before its `done`. Costs nothing: for who keeps what is made of the
  // account, to see that it is out of date.
  [[nodiscard]] uint64_t version() const { return version_.load(std::memory_order_acquire); }

 protected:
  std::atomic<uint64_t> version_ = 1;
};

}  // namespace millrace::iam
