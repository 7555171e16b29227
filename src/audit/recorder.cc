#include "audit/recorder.h"

#include <algorithm>
#include <mutex>

#include "audit/identity_json.h"
#include "audit/identity_of.h"
#include "audit/spool_keys.h"
#include "base/uuid.h"

namespace millrace::audit {
namespace {

constexpr std::string_view kCloudTrailSource = "cloudtrail.amazonaws.com";

// Their writes are decided one by one, and refusals of some are no refusal of the request.
bool has_several_writes(const RequestKind& kind) {
  return kind.event_name == "BatchWriteItem" || kind.event_name == "BatchExecuteStatement";
}

void set_outcome(Event& event, const RequestKind& kind, const Status& outcome) {
  if (outcome.ok()) return;
  event.error_code = error_code_of(kind, outcome.error().code);
  // What failed inside is the log's to tell.
  event.error_message = outcome.error().code == ErrorCode::kInternalServerError
                            ? "Internal server error"
                            : error_message_of(kind, outcome.error().message);
}

// With durability "async": the event is kept when the request is answered.
class KeptAtTheEnd : public RecordedRequest {
 public:
  KeptAtTheEnd(std::shared_ptr<Spool> spool, const RequestKind& kind, Event event)
      : spool_(std::move(spool)), kind_(kind), event_(std::move(event)) {}

  std::string_view request_id() const override { return event_.request_id; }
  std::optional<engine::PartitionCommit> decided(engine::PartitionId, const Status&) override {
    return std::nullopt;
  }
  void finish(const Status& outcome, std::string_view response,
              std::function<void()> answer) override {
    complete(outcome, response);
    (void)spool_->append(event_);
    answer();
  }

 protected:
  void complete(const Status& outcome, std::string_view response) {
    set_outcome(event_, kind_, outcome);
    if (outcome.ok()) event_.response_elements_json = response_elements(kind_, response);
  }

  const std::shared_ptr<Spool> spool_;
  const RequestKind& kind_;
  Event event_;
};

// With durability "commit": the event of a write is in the write's commit, and whatever else the
// request comes to is durable before it is answered.
class Committed final : public KeptAtTheEnd {
 public:
  using KeptAtTheEnd::KeptAtTheEnd;

  std::optional<engine::PartitionCommit> decided(engine::PartitionId partition,
                                                 const Status& outcome) override {
    if (!outcome.ok() && has_several_writes(kind_)) return std::nullopt;
    std::lock_guard lock(mutex_);
    if (std::ranges::find(partitions_, partition) != partitions_.end()) return std::nullopt;
    if (number_ == 0) {
      if (spool_->drops()) return std::nullopt;
      number_ = spool_->reserve();
      event_as_committed_ = event_;
      set_outcome(event_as_committed_, kind_, outcome);
    }
    partitions_.push_back(partition);
    auto commit = Spool::commit_of(number_, event_as_committed_);
    bytes_ += commit_bytes(commit);
    return commit;
  }

  void finish(const Status& outcome, std::string_view response,
              std::function<void()> answer) override {
    complete(outcome, response);
    const auto answered = [answer = std::move(answer)](const Status&) { answer(); };
    std::unique_lock lock(mutex_);
    const EventNumber number = number_;
    const bool is_as_committed = number_ != 0 && event_ == event_as_committed_;
    lock.unlock();
    if (number == 0) return spool_->append(event_, answered);
    if (!is_as_committed) return spool_->replace(number, event_, answered);
    spool_->settle(number, bytes_);
    answered(Done{});
  }

 private:
  std::mutex mutex_;
  EventNumber number_ = 0;                       // guarded by mutex_; 0: none is reserved
  std::vector<engine::PartitionId> partitions_;  // guarded by mutex_: whose commits have the event
  Event event_as_committed_;                     // guarded by mutex_
  uint64_t bytes_ = 0;                           // guarded by mutex_
};

}  // namespace

Recorder::Recorder(std::shared_ptr<Spool> spool, const Coverage& coverage,
                   const catalog::Catalog& catalog, const Clock& clock, Random& random,
                   Durability durability)
    : spool_(std::move(spool)),
      coverage_(coverage),
      catalog_(catalog),
      clock_(clock),
      random_(random),
      durability_(durability) {}

bool Recorder::holds(const RequestKind& kind) const {
  return spool_->blocks() && kind.event_source != kCloudTrailSource && may_want(kind);
}

bool Recorder::may_want(const RequestKind& kind) const {
  return kind.category == Category::kManagement || coverage_.wants_data_events();
}

std::shared_ptr<RecordedRequest> Recorder::begin(const ArrivedRequest& request) const {
  const RequestKind& kind = request.kind;
  Event event;
  event.identity = identity_of(request.principal);
  event.resources = resources_of(kind, catalog_, request.input);
  event.sinks =
      coverage_.sinks_of({kind.category, kind.read_only, kind.event_source, kind.event_name,
                          identity_arn(catalog_.site(), event.identity), event.resources});
  if (kind.category == Category::kData && event.sinks.empty()) return nullptr;
  event.time_milliseconds = clock_.now_milliseconds();
  event.event_id = new_uuid(random_);
  event.category = kind.category;
  event.read_only = kind.read_only;
  event.event_source = kind.event_source;
  event.event_name = kind.event_name;
  event.api_version = kind.api_version;
  event.request_id = request.request_id;
  event.connection.source_address = request.source_address;
  event.connection.user_agent = request.user_agent;
  event.connection.host = request.host;
  event.connection.tls_version = request.tls_version;
  event.connection.cipher_suite = request.cipher_suite;
  event.request_parameters_json = request_parameters(kind, catalog_, request.input);
  if (durability_ == Durability::kCommit && !kind.read_only) {
    return std::make_shared<Committed>(spool_, kind, std::move(event));
  }
  return std::make_shared<KeptAtTheEnd>(spool_, kind, std::move(event));
}

}  // namespace millrace::audit
