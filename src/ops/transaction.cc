#include "ops/transaction.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "ops/item_request.h"

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
    case ErrorCode::kProvisionedThroughputExceededException:
      return "ProvisionedThroughputExceeded";
    case ErrorCode::kResourceNotFoundException:
      return "ResourceNotFound";
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
  TransactionWrite(Database& database, std::vector<TransactionAction> actions,
                   std::optional<TokenedRequest> request, TransactionDone done,
                   api::WriteObserverPointer observer)
      : database_(database),
        actions_(std::move(actions)),
        request_(std::move(request)),
        done_(std::move(done)),
        observer_(std::move(observer)) {}

  Result<std::vector<std::shared_ptr<Lane>>> find_lanes() override {
    std::vector<std::shared_ptr<Lane>> lanes;
    batch_of_action_.clear();
    for (const TransactionAction& action : actions_) {
      auto lane = TRY(find_lane(action));
      auto known = std::find(lanes.begin(), lanes.end(), lane);
      batch_of_action_.push_back(static_cast<size_t>(known - lanes.begin()));
      if (known == lanes.end()) lanes.push_back(std::move(lane));
    }
    return lanes;
  }

  Status evaluate(std::span<LaneBatch* const> batches) override {
    Status outcome = change(batches);
    commit_observed(*batches.front(), observer_.get(), outcome);
    return outcome;
  }

  void complete(Status status) override {
    if (request_) database_.request_tokens.end(*request_);
    if (!status.ok()) return done_(std::move(status).error());
    done_(std::move(items_));
  }

 private:
  Status change(std::span<LaneBatch* const> batches) {
    TRY(decide_all(batches));
    ChangeMaker maker;
    if (observer_) maker.request_id = observer_->request_id();
    for (size_t i = 0; i < actions_.size(); ++i) {
      items_.push_back(change_item(*batches[batch_of_action_[i]], actions_[i].key,
                                   std::move(decided_[i]), maker));
    }
    if (!request_) return Done{};
    for (auto& commit : database_.request_tokens.commits_of(*request_)) {
      batches.front()->commit_also(std::move(commit));
    }
    return Done{};
  }

  // By the table as it is now: its partitions may have split.
  Result<std::shared_ptr<Lane>> find_lane(const TransactionAction& action) const {
    const auto table = database_.catalog.find_table(action.table->name);
    std::shared_ptr<Lane> lane;
    if (table && table->id == action.table->id) {
      lane = database_.lanes.find(table->partition_of(action.key.hash).id);
    }
    if (lane) return lane;
    return Error{ErrorCode::kResourceNotFoundException, "Requested resource not found"};
  }

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

  Database& database_;
  const std::vector<TransactionAction> actions_;
  std::vector<size_t> batch_of_action_;
  const std::optional<TokenedRequest> request_;
  const TransactionDone done_;
  const api::WriteObserverPointer observer_;
  std::vector<DecidedItem> decided_;
  std::vector<WrittenItem> items_;
};

Status check_admitted(Throttle& throttle, const std::vector<TransactionAction>& actions) {
  std::vector<Status> outcomes;
  bool refused = false;
  for (const TransactionAction& action : actions) {
    outcomes.push_back(throttle.admit_write(*action.table));
    refused = refused || !outcomes.back().ok();
  }
  if (refused) return transaction_cancelled(std::move(outcomes));
  return Done{};
}

TransactionDone charged(Throttle& throttle, const std::vector<TransactionAction>& actions,
                        TransactionDone done) {
  const bool limited =
      std::any_of(actions.begin(), actions.end(),
                  [&](const TransactionAction& action) { return throttle.limits(*action.table); });
  if (!limited) return done;
  std::vector<catalog::TablePointer> tables;
  for (const TransactionAction& action : actions) tables.push_back(action.table);
  return [&throttle, tables = std::move(tables),
          done = std::move(done)](Result<std::vector<WrittenItem>> written) {
    for (size_t i = 0; i < tables.size(); ++i) {
      TableUnits units = written.ok() ? units_of(tables[i]->name, (*written)[i])
                                      : TableUnits{tables[i]->name, write_units(0, 0), {}};
      units.units *= kTransactionFactor;
      for (IndexUnits& index : units.indexes) index.units *= kTransactionFactor;
      throttle.charge(CapacityKind::kWrite, *tables[i], units);
    }
    done(std::move(written));
  };
}

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

Result<std::vector<std::optional<Bytes>>> read_transaction_items(
    const Database& database, const std::vector<TransactionAction>& actions,
    std::vector<TableUnits>& units) {
  std::vector<engine::Place> places;
  std::vector<Status> admitted;
  bool refused = false;
  for (const TransactionAction& action : actions) {
    places.push_back({action.table->items_partition, action.key.storage_key});
    admitted.push_back(database.throttle->admit_read(*action.table, nullptr));
    refused = refused || !admitted.back().ok();
  }
  if (refused) return transaction_cancelled(std::move(admitted));
  auto items = TRY(database.engine.get_all(places));
  for (size_t i = 0; i < items.size(); ++i) {
    const catalog::Table& table = *actions[i].table;
    const double charged = kTransactionFactor * read_units(bytes_of(items[i]), true);
    units_of(units, table.name).units += charged;
    database.throttle->charge(CapacityKind::kRead, table, {table.name, charged, {}});
  }
  return items;
}

Status write_transaction_item(json::Writer& writer, const std::optional<Bytes>& item,
                              const std::optional<expr::Projection>& projection) {
  writer.begin_object();
  if (item) {
    writer.key("Item");
    TRY(write_stored_item(writer, *item, projection));
  }
  writer.end_object();
  return Done{};
}

void write_transaction(Database& database, std::vector<TransactionAction> actions,
                       std::optional<TokenedRequest> request, TransactionDone done,
                       api::WriteObserverPointer observer) {
  if (auto refusal = check_admitted(*database.throttle, actions); !refusal.ok()) {
    if (request) database.request_tokens.end(*request);
    return done(std::move(refusal).error());
  }
  done = charged(*database.throttle, actions, std::move(done));
  database.joint_writes.submit(std::make_unique<TransactionWrite>(
      database, std::move(actions), std::move(request), std::move(done), std::move(observer)));
}

}  // namespace millrace::ops
