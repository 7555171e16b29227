#include "ops/request_tokens.h"

#include "catalog/catalog.h"

namespace millrace::ops {
namespace {

constexpr int64_t kTokenMilliseconds = 10LL * 60 * 1000;

// The tokens of one generation, which is as long as a token counts, are in one partition. Valid
// ones are in the current generation's and in the one before. The next is empty, or holds what does
// not count any more. The oldest is emptied, and no commit is under way for so long that it could
// empty a partition in use again.
constexpr int64_t kGenerations = 4;

int64_t generation_at(int64_t milliseconds) {
  return milliseconds / kTokenMilliseconds;
}

engine::PartitionId partition_of(int64_t generation) {
  return catalog::kFirstRequestTokensPartition +
         static_cast<engine::PartitionId>((generation + kGenerations) % kGenerations);
}

Error mismatch() {
  return {ErrorCode::kIdempotentParameterMismatchException,
          "DynamoDB rejected the request because you retried a request with a different payload "
          "but with an idempotent token that was already used."};
}

}  // namespace

Result<RequestTokens::Found> RequestTokens::begin(const TokenedRequest& request) {
  {
    std::lock_guard lock(mutex_);
    const auto [other, is_new] = under_way_.emplace(request.token, request.digest);
    if (!is_new) {
      if (other->second != request.digest) return mismatch();
      return Error{ErrorCode::kTransactionInProgressException,
                   "Transaction from previous request is still in progress"};
    }
  }
  // A request that ended before this one began is stored, and is seen.
  auto found = find_stored(request);
  if (!found.ok() || *found == Found::kDone) end(request);
  return found;
}

Result<RequestTokens::Found> RequestTokens::find_stored(const TokenedRequest& request) const {
  const int64_t now = clock_.now_milliseconds();
  const int64_t generation = generation_at(now);
  const auto values = TRY(engine_.get_all(
      {{partition_of(generation), request.token}, {partition_of(generation - 1), request.token}}));
  for (const std::optional<Bytes>& value : values) {
    if (!value) continue;
    ByteReader reader(*value);
    const auto stored_at = reader.read_u64();
    if (!stored_at) return internal_error("a request token cannot be read");
    if (now - static_cast<int64_t>(*stored_at) >= kTokenMilliseconds) continue;
    if (reader.rest() != auth::as_text(request.digest)) return mismatch();
    return Found::kDone;
  }
  return Found::kNew;
}

std::vector<engine::PartitionCommit> RequestTokens::commits_of(const TokenedRequest& request) {
  const int64_t now = clock_.now_milliseconds();
  const int64_t generation = generation_at(now);
  Bytes value;
  append_u64(value, static_cast<uint64_t>(now));
  value += auth::as_text(request.digest);
  std::vector<engine::PartitionCommit> commits = {
      {partition_of(generation), {engine::Put{request.token, std::move(value)}}, {}}};
  std::lock_guard lock(mutex_);
  if (std::exchange(latest_generation_, generation) != generation) {
    commits.push_back({partition_of(generation - 2), {engine::EraseAll{}}, {}});
  }
  return commits;
}

void RequestTokens::end(const TokenedRequest& request) {
  std::lock_guard lock(mutex_);
  under_way_.erase(request.token);
}

}  // namespace millrace::ops
