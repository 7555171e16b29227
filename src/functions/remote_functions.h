// Functions that are elsewhere, called through Lambda's Invoke API by libcurl, which signs the
// calls.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "functions/function.h"
#include "functions/invocation.h"
#include "functions/settings.h"

namespace millrace::functions {

struct RemoteCall;

// Thread-safe. One thread makes all calls, at once; it starts with the first.
class RemoteFunctions {
 public:
  explicit RemoteFunctions(const FunctionSettings& settings);
  ~RemoteFunctions();
  RemoteFunctions(const RemoteFunctions&) = delete;
  RemoteFunctions& operator=(const RemoteFunctions&) = delete;

  // The call takes the function's timeout and a little, then it counts as timed out. How many there
  // are at once is the caller's business. `done` is called on the thread of the calls.
  void invoke(const FunctionVersion& version, const std::string& endpoint, InvokeRequest request,
              InvokeDone done);
  // Calls under way are answered with ServiceException. Idempotent.
  void stop();

 private:
  void run();

  const FunctionSettings settings_;
  void* const multi_;  // CURLM
  std::mutex mutex_;
  std::vector<std::unique_ptr<RemoteCall>> waiting_;  // guarded by mutex_
  std::thread thread_;                                // made under mutex_
  bool stopping_ = false;                             // guarded by mutex_
};

}  // namespace millrace::functions
