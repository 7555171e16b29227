#include "engine/rocksdb/commit_thread.h"

#include <future>
#include <pthread.h>

#include "base/log.h"

namespace millrace::engine {

CommitThread::CommitThread(Database& database, PartitionLogs& logs, Durability durability)
    : durability_(durability), group_(database, logs), thread_([this] { run(); }) {
  pthread_setname_np(thread_.native_handle(), "commit");
}

CommitThread::~CommitThread() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void CommitThread::submit(Work work, CommitDone done) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(work), std::move(done)});
    wake = std::exchange(idle_, false);
  }
  if (wake) wake_.notify_one();
}

Status CommitThread::submit_and_wait(Work work) {
  if (std::this_thread::get_id() == thread_.get_id()) {
    submit(std::move(work), nullptr);
    return write_waiting();
  }
  std::promise<Status> written;
  submit(std::move(work), [&](Status status) { written.set_value(std::move(status)); });
  return written.get_future().get();
}

void CommitThread::run() {
  while (wait_for_work()) {
    // What failed is logged, and told to each `done`.
    static_cast<void>(write_waiting());
    call_back();
  }
}

bool CommitThread::wait_for_work() {
  std::unique_lock lock(mutex_);
  while (waiting_.empty() && !stopping_) {
    idle_ = true;
    wake_.wait(lock);
  }
  idle_ = false;
  return !waiting_.empty();
}

Status CommitThread::write_waiting() {
  {
    std::lock_guard lock(mutex_);
    taken_.swap(waiting_);
  }
  Status status = Done{};
  if (failure_) {
    status = *failure_;
  } else if (auto ready = write(taken_); ready.ok()) {
    std::move(ready->begin(), ready->end(), std::back_inserter(ready_));
  } else {
    failure_ = ready.error();
    log::error("storage failed, no write is accepted until a restart",
               {{"error", failure_->message}});
    status = *failure_;
  }
  for (Request& request : taken_) {
    if (request.done) finished_.push_back({std::move(request.done), status});
  }
  taken_.clear();
  return status;
}

Result<std::vector<PartitionLogs::Ready>> CommitThread::write(
    const std::vector<Request>& requests) {
  for (const Request& request : requests) {
    if (const auto* commit = std::get_if<std::vector<PartitionCommit>>(&request.work)) {
      for (const PartitionCommit& part : *commit) TRY(group_.add(part));
    } else if (const auto* trim = std::get_if<Trim>(&request.work)) {
      TRY(group_.add_trim(trim->partition, trim->erased_from, trim->before));
    } else {
      group_.add_drop(std::get<Drop>(request.work).partition);
    }
  }
  return group_.write(durability_);
}

void CommitThread::call_back() {
  while (!finished_.empty()) {
    Finished next = std::move(finished_.front());
    finished_.pop_front();
    next.done(std::move(next.status));
  }
  while (!ready_.empty()) {
    const PartitionLogs::Ready next = std::move(ready_.front());
    ready_.pop_front();
    next();
  }
}

}  // namespace millrace::engine
