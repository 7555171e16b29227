// The one thread that writes: group commit over all partitions.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include "engine/rocksdb/write_group.h"

namespace millrace::engine {

struct Trim {
  PartitionId partition;
  LogPosition erased_from;  // there are no records below
  LogPosition before;
};
struct Drop {
  PartitionId partition;
};

// Takes all the work that waits, writes it as one group, and then calls each `done` in the order in
// which the work came. While it writes and calls, the next group gathers.
class CommitThread {
 public:
  using Work = std::variant<std::vector<PartitionCommit>, Trim, Drop>;

  CommitThread(Database& database, PartitionLogs& logs, Durability durability);
  CommitThread(const CommitThread&) = delete;
  CommitThread& operator=(const CommitThread&) = delete;
  // Completes all work, also that which the callbacks add meanwhile.
  ~CommitThread();

  // `done` may be empty. It runs on this thread, and may call anything here.
  void submit(Work work, CommitDone done);

  // Returns when the work is written, and all that was submitted before it. In a callback of this
  // thread it writes what waits itself, whose callbacks follow later.
  [[nodiscard]] Status submit_and_wait(Work work);

 private:
  struct Request {
    Work work;
    CommitDone done;
  };
  struct Finished {
    CommitDone done;
    Status status;
  };

  void run();
  // Waits for work. False when there is none and the thread is to end.
  bool wait_for_work();
  Status write_waiting();
  Result<std::vector<PartitionLogs::Ready>> write(const std::vector<Request>& requests);
  void call_back();

  const Durability durability_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Request> waiting_;  // guarded by mutex_
  bool idle_ = false;             // guarded by mutex_
  bool stopping_ = false;         // guarded by mutex_

  // Of the commit thread alone.
  WriteGroup group_;
  std::vector<Request> taken_;
  std::deque<Finished> finished_;
  std::deque<PartitionLogs::Ready> ready_;
  std::optional<Error> failure_;  // of the first write that failed: no later one is made

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace millrace::engine
