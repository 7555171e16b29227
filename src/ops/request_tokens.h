// The ClientRequestTokens of the last ten minutes: what makes a transaction that is sent twice take
// effect once (docs/formats/request_tokens.md).
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "auth/digest.h"
#include "base/clock.h"
#include "engine/engine.h"

namespace millrace::ops {

// A request as its token knows it.
struct TokenedRequest {
  std::string token;
  auth::Sha256Digest digest;  // of all that says what the request does
};

// Thread-safe. A token is of the same commit as the writes it stands for, so that after a crash
// either both are there, or neither. Engine and clock must outlive it.
class RequestTokens {
 public:
  RequestTokens(engine::Engine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  enum class Found { kNew, kDone };
  // kNew: the request is under way from now on; end() must follow. kDone: it took effect less than
  // ten minutes ago. TransactionInProgressException when it is under way already,
  // IdempotentParameterMismatchException when the token is that of another request.
  [[nodiscard]] Result<Found> begin(const TokenedRequest& request);

  // What to commit together with the request's writes. Only where that commit is sure to follow.
  [[nodiscard]] std::vector<engine::PartitionCommit> commits_of(const TokenedRequest& request);

  // After the commit is durable, or the request is refused.
  void end(const TokenedRequest& request);

 private:
  [[nodiscard]] Result<Found> find_stored(const TokenedRequest& request) const;

  engine::Engine& engine_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, auth::Sha256Digest> under_way_;  // guarded by mutex_
  int64_t latest_generation_ = -1;                                 // guarded by mutex_
};

}  // namespace millrace::ops
