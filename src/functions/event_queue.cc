#include "functions/event_queue.h"

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <map>
#include <mutex>

#include "base/log.h"
#include "catalog/catalog.h"
#include "functions/function_lookup.h"

namespace millrace::functions {
namespace {

using catalog::kFunctionsPartition;

constexpr char kEventTag = 'Q';
constexpr int64_t kRetryAttempts = 2;
constexpr int64_t kEventAgeSeconds = 21'600;
constexpr int64_t kLongestSleepMilliseconds = 60'000;

Bytes event_key(uint64_t id) {
  Bytes key(1, kEventTag);
  append_u64(key, id);
  return key;
}

Bytes write_event(const QueuedEvent& event) {
  Bytes value;
  append_sized(value, event.function);
  append_sized(value, event.qualifier);
  append_sized(value, event.client_context);
  append_sized(value, event.payload);
  append_varint(value, static_cast<uint64_t>(event.accepted_milliseconds));
  append_varint(value, static_cast<uint64_t>(event.attempts));
  return value;
}

std::optional<QueuedEvent> read_event(ByteView value) {
  ByteReader reader(value);
  const auto function = reader.read_sized();
  const auto qualifier = reader.read_sized();
  const auto client_context = reader.read_sized();
  const auto payload = reader.read_sized();
  const auto accepted = reader.read_varint();
  const auto attempts = reader.read_varint();
  if (!attempts) return std::nullopt;
  return QueuedEvent{std::string(*function),          std::string(*qualifier),
                     std::string(*client_context),    Bytes(*payload),
                     static_cast<int64_t>(*accepted), static_cast<int64_t>(*attempts)};
}

// It may go better later.
bool is_passing(ErrorCode code) {
  return code == ErrorCode::kTooManyRequestsException || code == ErrorCode::kServiceException ||
         code == ErrorCode::kInternalServerError || code == ErrorCode::kResourceNotReadyException;
}

}  // namespace

class EventQueue::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(engine::Engine& engine, const FunctionStore& store, Invoker& invoker, const Clock& clock,
       EventQueueOptions options)
      : engine_(engine), store_(store), invoker_(invoker), clock_(clock), options_(options) {}

  Status load() {
    bool readable = true;
    Bytes after = event_key(std::numeric_limits<uint64_t>::max());
    after.push_back('\0');
    TRY(engine_.scan(kFunctionsPartition, {event_key(0), std::move(after)},
                     engine::Direction::kForward, [&](ByteView key, ByteView value) {
                       const auto id = ByteReader(key.substr(1)).read_u64();
                       auto event = read_event(value);
                       readable = id && event;
                       if (!readable) return false;
                       next_id_ = *id + 1;
                       bytes_ += event->payload.size();
                       waiting_.emplace(clock_.now_milliseconds(), Waiting{*id, std::move(*event)});
                       ++events_;
                       return true;
                     }));
    if (!readable) return internal_error("a stored invocation cannot be read");
    return Done{};
  }

  void add(QueuedEvent event, std::function<void(Status)> accepted) {
    const size_t size = event.payload.size();
    std::unique_lock lock(mutex_);
    if (events_ >= options_.events_max || bytes_ + size > options_.bytes_max) {
      lock.unlock();
      return accepted(Error{ErrorCode::kTooManyRequestsException, "Rate Exceeded.",
                            R"("Reason":"CallerRateLimitExceeded")"});
    }
    ++events_;
    bytes_ += size;
    const uint64_t id = next_id_++;
    lock.unlock();
    event.accepted_milliseconds = clock_.now_milliseconds();
    auto pending = std::make_shared<Waiting>(Waiting{id, std::move(event)});
    store_event(*pending,
                [weak = weak_from_this(), pending, accepted = std::move(accepted)](Status status) {
                  const auto self = weak.lock();
                  if (self && status.ok())
                    self->wait_until(self->clock_.now_milliseconds(), *pending);
                  if (self && !status.ok()) self->forget(pending->event.payload.size());
                  accepted(std::move(status));
                });
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      const int64_t now = clock_.now_milliseconds();
      if (running_ < options_.running_max && !waiting_.empty() && waiting_.begin()->first <= now) {
        Waiting next = std::move(waiting_.extract(waiting_.begin()).mapped());
        ++running_;
        lock.unlock();
        attempt(std::move(next), now);
        lock.lock();
        continue;
      }
      int64_t sleep = kLongestSleepMilliseconds;
      if (running_ < options_.running_max && !waiting_.empty()) {
        sleep = std::clamp<int64_t>(waiting_.begin()->first - now, 1, sleep);
      }
      woken_.wait_for(lock, std::chrono::milliseconds(sleep));
    }
  }

  void stop() {
    {
      const std::scoped_lock lock(mutex_);
      stopping_ = true;
    }
    woken_.notify_all();
  }

 private:
  struct Waiting {
    uint64_t id;
    QueuedEvent event;
    int64_t unavailable = 0;  // times in a row
  };

  void attempt(Waiting waiting, int64_t now) {
    const EventInvokeConfig config = config_of(waiting.event);
    const int64_t age_max =
        config.maximum_event_age_seconds.value_or(kEventAgeSeconds) * int64_t{1000};
    if (now - waiting.event.accepted_milliseconds > age_max) {
      return give_up(waiting, "it became too old");
    }
    InvokeRequest request;
    request.function = waiting.event.function;
    request.qualifier = waiting.event.qualifier;
    request.payload = waiting.event.payload;
    request.client_context = waiting.event.client_context;
    auto shared = std::make_shared<Waiting>(std::move(waiting));
    invoker_.invoke(std::move(request), [weak = weak_from_this(), shared,
                                         retries = config.maximum_retry_attempts.value_or(
                                             kRetryAttempts)](const Result<InvokeAnswer>& answer) {
      if (const auto self = weak.lock()) self->settle(std::move(*shared), answer, retries);
    });
  }

  [[nodiscard]] EventInvokeConfig config_of(const QueuedEvent& event) const {
    const FunctionPointer function = store_.find(event.function);
    if (!function) return {};
    const std::string qualifier = event.qualifier.empty() ? std::string(kLatest) : event.qualifier;
    const auto config = function->event_invoke_configs.find(qualifier);
    return config == function->event_invoke_configs.end() ? EventInvokeConfig{} : config->second;
  }

  void settle(Waiting waiting, const Result<InvokeAnswer>& answer, int64_t retries) {
    if (answer.ok() && answer->function_error.empty()) return drop(waiting);
    const int64_t now = clock_.now_milliseconds();
    if (!answer.ok()) {
      if (!is_passing(answer.error().code)) return give_up(waiting, answer.error().message);
      const int64_t doublings = std::min<int64_t>(waiting.unavailable++, 20);
      const int64_t wait = std::min(options_.unavailable_milliseconds_max,
                                    options_.unavailable_milliseconds << doublings);
      return wait_again(now + wait, std::move(waiting));
    }
    waiting.unavailable = 0;
    if (++waiting.event.attempts > retries) return give_up(waiting, "the function failed");
    const int64_t wait = waiting.event.attempts == 1 ? options_.first_retry_milliseconds
                                                     : options_.second_retry_milliseconds;
    store_event(waiting, [](const Status&) {});
    wait_again(now + wait, std::move(waiting));
  }

  void give_up(const Waiting& waiting, const std::string& reason) {
    log::warn("an asynchronous invocation was given up",
              {{"function", waiting.event.function}, {"reason", reason}});
    drop(waiting);
  }

  void drop(const Waiting& waiting) {
    engine_.commit({{kFunctionsPartition, {engine::Erase{event_key(waiting.id)}}, {}}},
                   [](const Status&) {});
    forget(waiting.event.payload.size());
    ended();
  }

  void store_event(const Waiting& waiting, engine::CommitDone done) {
    engine_.commit({{kFunctionsPartition,
                     {engine::Put{event_key(waiting.id), write_event(waiting.event)}},
                     {}}},
                   std::move(done));
  }

  void wait_until(int64_t due, Waiting waiting) {
    {
      const std::scoped_lock lock(mutex_);
      waiting_.emplace(due, std::move(waiting));
    }
    woken_.notify_one();
  }

  void wait_again(int64_t due, Waiting waiting) {
    wait_until(due, std::move(waiting));
    ended();
  }

  void ended() {
    {
      const std::scoped_lock lock(mutex_);
      --running_;
    }
    woken_.notify_one();
  }

  void forget(size_t bytes) {
    const std::scoped_lock lock(mutex_);
    --events_;
    bytes_ -= bytes;
  }

  engine::Engine& engine_;
  const FunctionStore& store_;
  Invoker& invoker_;
  const Clock& clock_;
  const EventQueueOptions options_;

  std::mutex mutex_;
  std::condition_variable woken_;
  // guarded by mutex_
  std::multimap<int64_t, Waiting> waiting_;  // by when they are due
  uint64_t next_id_ = 1;
  size_t events_ = 0;
  size_t bytes_ = 0;
  size_t running_ = 0;
  bool stopping_ = false;
};

EventQueue::EventQueue(std::shared_ptr<Core> core) : core_(std::move(core)) {
  thread_ = std::thread([core = core_] { core->run(); });
}

EventQueue::~EventQueue() {
  core_->stop();
  thread_.join();
}

Result<std::unique_ptr<EventQueue>> EventQueue::open(engine::Engine& engine,
                                                     const FunctionStore& store, Invoker& invoker,
                                                     const Clock& clock,
                                                     EventQueueOptions options) {
  auto core = std::make_shared<Core>(engine, store, invoker, clock, options);
  TRY(core->load());
  return std::unique_ptr<EventQueue>(new EventQueue(std::move(core)));
}

void EventQueue::add(QueuedEvent event, std::function<void(Status)> accepted) {
  core_->add(std::move(event), std::move(accepted));
}

}  // namespace millrace::functions
