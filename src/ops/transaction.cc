#include "ops/transaction.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "json/writer.h"
#include "model/item_encoding.h"

namespace millrace::ops {
namespace {

// Empty for what is no reason, but a failure.
std::string_view reason_code(const Status& outcome) {
  if (outcome.ok()) return "None";
  switch (outcome.error().code) {
    case ErrorCode::kConditionalCheckFailedException:
      return "ConditionalCheckFailed";
    case ErrorCode::kDuplicateItemException:
      return "DuplicateItem";
    case ErrorCode::kItemCollectionSizeLimitExceededException:
      return "ItemCollectionSizeLimitExceeded";
    case ErrorCode::kValidationException:
      return "ValidationError";
    default:
      return "";
  }
}

// JSON: the item, when there is one, is a member of the error already.
std::string reason(const Status& outcome) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("Code", reason_code(outcome));
  if (!outcome.ok()) writer.member("Message", outcome.error().message);
  writer.end_object();
  if (!outcome.ok() && !outcome.error().members_json.empty()) {
    out.insert(out.size() - 1, "," + outcome.error().members_json);
  }
  return out;
}

size_t bytes_of(const std::optional<Bytes>& item) {
  return item ? encoded_item_size_bytes(*item).value_or(0) : 0;
}

class TransactionWrite final : public JointWrite {
 public:
  TransactionWrite(RequestTokens& tokens, std::vector<TransactionAction> actions,
                   std::vector<size_t> batch_of_action, std::optional<TokenedRequest> request,
                   TransactionDone done)
      : tokens_(tokens),
        actions_(std::move(actions)),
        batch_of_action_(std::move(batch_of_action)),
        request_(std::move(request)),
        done_(std::move(done)) {}

  Status evaluate(std::span<LaneBatch* const> batches) override {
    TRY(decide_all(batches));
    for (size_t i = 0; i < actions_.size(); ++i) {
      items_.push_back(
          change_item(*batches[batch_of_action_[i]], actions_[i].key, std::move(decided_[i])));
    }
    if (!request_) return Done{};
    for (auto& commit : tokens_.commits_of(*request_)) {
      batches.front()->commit_also(std::move(commit));
    }
    return Done{};
  }

  void complete(Status status) override {
    if (request_) tokens_.end(*request_);
    if (!status.ok()) return done_(std::move(status).error());
    done_(std::move(items_));
  }

 private:
  Status decide_all(std::span<LaneBatch* const> batches) {
    std::vector<Status> outcomes;
    bool refused = false;
    size_t bytes = 0;
    for (size_t i = 0; i < actions_.size(); ++i) {
      const TransactionAction& action = actions_[i];
      auto item = decide_item(*batches[batch_of_action_[i]], action.key, action.decide);
      refused = refused || !item.ok();
      outcomes.push_back(item.ok() ? Status(Done{}) : item.error());
      decided_.push_back(item.ok() ? std::move(*item) : DecidedItem{});
      const WrittenItem& written = decided_.back().item;
      bytes += std::max(bytes_of(written.before), bytes_of(written.after));
    }
    if (refused) return transaction_cancelled(std::move(outcomes));
    if (bytes > kTransactionBytesMax) return transaction_too_large();
    return Done{};
  }

  RequestTokens& tokens_;
  const std::vector<TransactionAction> actions_;
  const std::vector<size_t> batch_of_action_;
  const std::optional<TokenedRequest> request_;
  const TransactionDone done_;
  std::vector<DecidedItem> decided_;
  std::vector<WrittenItem> items_;
};

}  // namespace

Error transaction_cancelled(std::vector<Status> outcomes) {
  std::vector<std::string_view> codes;
  std::string reasons;
  for (Status& outcome : outcomes) {
    codes.push_back(reason_code(outcome));
    if (codes.back().empty()) return std::move(outcome).error();
    reasons += (reasons.empty() ? "" : ",") + reason(outcome);
  }
  return {ErrorCode::kTransactionCanceledException,
          fmt::format("Transaction cancelled, please refer cancellation reasons for specific "
                      "reasons [{}]",
                      fmt::join(codes, ", ")),
          fmt::format("\"CancellationReasons\":[{}]", reasons)};
}

Status check_distinct(const std::vector<TransactionAction>& actions) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const TransactionAction& action : actions) {
    if (!seen.emplace(action.table->name, action.key.storage_key).second) {
      return validation_error("Transaction request cannot include multiple operations on one item");
    }
  }
  return Done{};
}

Error transaction_too_large() {
  return validation_error("The aggregate size of the items in the transaction cannot exceed 4 MB");
}

void write_transaction(Database& database, std::vector<TransactionAction> actions,
                       std::optional<TokenedRequest> request, TransactionDone done) {
  std::vector<std::shared_ptr<Lane>> lanes;
  std::vector<size_t> batch_of_action;
  for (const TransactionAction& action : actions) {
    auto lane = database.lanes.find(action.table->partition_of(action.key.hash).id);
    auto known = std::find(lanes.begin(), lanes.end(), lane);
    batch_of_action.push_back(static_cast<size_t>(known - lanes.begin()));
    if (known == lanes.end()) lanes.push_back(std::move(lane));
  }
  const bool gone = std::find(lanes.begin(), lanes.end(), nullptr) != lanes.end();
  auto write = std::make_unique<TransactionWrite>(database.request_tokens, std::move(actions),
                                                  std::move(batch_of_action), std::move(request),
                                                  std::move(done));
  if (gone) {
    return write->complete(
        Error{ErrorCode::kResourceNotFoundException, "Requested resource not found"});
  }
  database.joint_writes.submit(std::move(lanes), std::move(write));
}

}  // namespace millrace::ops
