// Changes of one thing, made one after the other, each when the one before is durable.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace millrace::catalog {

// Thread-safe. The destructor waits for the changes that were asked for.
class ChangeQueue {
 public:
  // To be called once, on any thread: the next change may be made.
  using Finished = std::function<void()>;
  // Must not block. What it commits may go on after it returns.
  using Change = std::function<void(Finished finished)>;

  ChangeQueue() = default;
  ~ChangeQueue();
  ChangeQueue(const ChangeQueue&) = delete;
  ChangeQueue& operator=(const ChangeQueue&) = delete;

  // Makes the change now, or when those before it are finished, on the thread that finishes them.
  void add(Change change);

 private:
  void make_changes();

  std::mutex mutex_;
  std::deque<Change> pending_;     // guarded by mutex_
  bool changing_ = false;          // guarded by mutex_: one is being made
  std::condition_variable quiet_;  // `changing_` became false
};

}  // namespace millrace::catalog
