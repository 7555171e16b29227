// Functions for tests, and something that runs them as the test says.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/memory/memory_engine.h"
#include "functions/code_store.h"
#include "functions/function_lookup.h"
#include "functions/function_runner.h"
#include "functions/function_store.h"

namespace millrace::functions {

// Answers at once with `answer`, and keeps what it was asked.
class ScriptedRunner final : public FunctionRunner {
 public:
  struct Run {
    std::string version;
    Bytes payload;
  };

  void run(FunctionVersionPointer function, InvokeRequest request, InvokeDone done) override {
    {
      const std::scoped_lock lock(mutex);
      runs.push_back({function->version, request.payload});
    }
    auto given = answer(*function, request);
    if (given.ok()) given->executed_version = function->version;
    done(std::move(given));
  }
  void retire(const std::string& name, const std::string& revision_id) override {
    told.push_back("retire " + name + " " + (revision_id.empty() ? "all" : revision_id));
  }
  void reserve(const std::string& name, std::optional<int64_t> limit) override {
    told.push_back("reserve " + name + " " + (limit ? std::to_string(*limit) : "none"));
  }
  [[nodiscard]] size_t run_count() {
    const std::scoped_lock lock(mutex);
    return runs.size();
  }

  std::function<Result<InvokeAnswer>(const FunctionVersion&, const InvokeRequest&)> answer =
      [](const FunctionVersion&, const InvokeRequest& request) {
        InvokeAnswer echoed;
        echoed.payload = request.payload;
        return Result<InvokeAnswer>(std::move(echoed));
      };
  std::mutex mutex;
  std::vector<Run> runs;  // guarded by mutex
  std::vector<std::string> told;
};

// A function without code, stored at once.
inline FunctionPointer make_function(FunctionStore& store, const std::string& name,
                                     const std::function<void(Function&)>& shape = {}) {
  auto version = std::make_shared<FunctionVersion>();
  version->name = name;
  version->revision_id = name + "-revision";
  auto function = std::make_shared<Function>();
  function->name = name;
  function->latest = version;
  if (shape) shape(*function);
  store.change(
      name, [&](const FunctionPointer&) { return Result<FunctionPointer>(function); },
      [](const Result<FunctionPointer>& made) { EXPECT_TRUE(made.ok()); });
  return store.find(name);
}

}  // namespace millrace::functions
