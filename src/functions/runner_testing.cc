#include "functions/runner_testing.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>
#include <unistd.h>

#include "base/check.h"

namespace millrace::functions {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

constexpr std::string_view kShell = R"(#!/bin/bash
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
next() {
  event=$(curl -sS -D "$TMPDIR/headers" "$api/invocation/next") || exit 1
  id=$(grep -i '^Lambda-Runtime-Aws-Request-Id' "$TMPDIR/headers" | tr -d '\r' | cut -d' ' -f2)
}
post() { curl -sS -o /dev/null -d "$2" "$api/$1"; }
respond() { post "invocation/$id/response" "$1"; }
fail() { post "invocation/$id/error" "$1"; }
)";

}  // namespace

void MemoryLogSink::append(const std::string& group, const std::string& stream,
                           std::vector<logs::LogEvent> events, std::function<void(Status)> done) {
  {
    const std::lock_guard lock(mutex_);
    for (const logs::LogEvent& event : events) {
      groups_[group][stream] += event.message;
      bytes_ += event.message.size();
    }
    if (held_) {
      waiting_.push_back(std::move(done));
      return;
    }
  }
  done(Done{});
}

std::string MemoryLogSink::text(const std::string& group) const {
  const std::lock_guard lock(mutex_);
  std::string text;
  const auto found = groups_.find(group);
  if (found == groups_.end()) return text;
  for (const auto& [stream, lines] : found->second) text += lines;
  return text;
}

std::vector<std::string> MemoryLogSink::streams(const std::string& group) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  const auto found = groups_.find(group);
  if (found == groups_.end()) return names;
  for (const auto& [stream, lines] : found->second) names.push_back(stream);
  return names;
}

size_t MemoryLogSink::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

void MemoryLogSink::hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void MemoryLogSink::let_go() {
  std::vector<std::function<void(Status)>> waiting;
  {
    const std::lock_guard lock(mutex_);
    held_ = false;
    waiting.swap(waiting_);
  }
  for (const auto& done : waiting) done(Done{});
}

TestRunner::TestRunner(FunctionSettings settings) {
  directory_ = fs::temp_directory_path() / "millrace-functions-XXXXXX";
  MILLRACE_CHECK(mkdtemp(directory_.data()) != nullptr);
  auto runner = Runner::start(settings, directory_ + "/scratch", log_, random_, clock_);
  MILLRACE_CHECK(runner.ok());
  runner_ = std::move(*runner);
}

TestRunner::~TestRunner() {
  runner_.reset();
  fs::remove_all(directory_);
}

std::shared_ptr<FunctionVersion> TestRunner::function(const std::string& name,
                                                      const std::string& runtime,
                                                      const std::string& handler,
                                                      const Files& files) {
  const fs::path code = fs::path(directory_) / "code" / name;
  for (const auto& [path, text] : files) {
    fs::create_directories((code / path).parent_path());
    std::ofstream(code / path) << text;
    if (path == "bootstrap") fs::permissions(code / path, fs::perms::owner_all);
  }
  fs::create_directories(code);
  auto version = std::make_shared<FunctionVersion>();
  version->name = name;
  version->arn = "arn:aws:lambda:us-east-1:000000000000:function:" + name;
  version->revision_id = std::string(1, '1');
  version->runtime = runtime;
  version->handler = handler;
  version->timeout_seconds = 30;
  version->log_group = "/aws/lambda/" + name;
  version->code_directory = code.string();
  return version;
}

std::shared_ptr<FunctionVersion> TestRunner::shell(const std::string& name,
                                                   const std::string& loop_body,
                                                   const std::string& init) {
  std::string script(kShell);
  script.append(init).append("\nwhile true; do\nnext\n").append(loop_body).append("\ndone\n");
  return function(name, "provided.al2023", "any", {{"bootstrap", script}});
}

std::shared_ptr<FunctionVersion> TestRunner::custom(const std::string& name) {
  auto version = function(name, "provided.al2023", "any", {});
  fs::create_symlink(MILLRACE_TEST_RUNTIME, fs::path(version->code_directory) / "bootstrap");
  return version;
}

Result<InvokeAnswer> TestRunner::invoke(const FunctionVersionPointer& version,
                                        const std::string& payload, InvokeRequest request) {
  request.payload = payload;
  auto promise = std::make_shared<std::promise<Result<InvokeAnswer>>>();
  auto future = promise->get_future();
  runner_->run(version, std::move(request),
               [promise](Result<InvokeAnswer> result) { promise->set_value(std::move(result)); });
  if (future.wait_for(seconds(60)) != std::future_status::ready) {
    return Error{ErrorCode::kServiceException, "no answer came"};
  }
  return future.get();
}

size_t processes_with(const std::string& text) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "environ", std::ios::binary);
    std::ostringstream environment;
    environment << file.rdbuf();
    if (environment.str().find(text) != std::string::npos) ++count;
  }
  return count;
}

size_t TestRunner::process_count() const {
  return processes_with(directory_ + "/scratch/instances");
}

bool TestRunner::has_processes(size_t count) const {
  const auto deadline = std::chrono::steady_clock::now() + seconds(10);
  while (process_count() != count) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace millrace::functions
