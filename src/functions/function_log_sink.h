// Where the output of functions goes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "logs/log_store.h"

namespace millrace::functions {

class FunctionLogSink {
 public:
  virtual ~FunctionLogSink() = default;
  // As LogStore::append(): `done` is called once, on any thread.
  virtual void append(const std::string& group, const std::string& stream,
                      std::vector<logs::LogEvent> events, std::function<void(Status)> done) = 0;
};

}  // namespace millrace::functions
