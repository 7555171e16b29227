#include "functions/remote_functions.h"

#include <csignal>
#include <map>

#include "base/check.h"
#include "functions/remote_call.h"

namespace millrace::functions {
namespace {

constexpr int kPollMilliseconds = 60'000;

CURLM* make_multi() {
  // Once for the process, before any thread uses libcurl.
  static const CURLcode kInitialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  MILLRACE_CHECK(kInitialized == CURLE_OK);
  CURLM* const multi = curl_multi_init();
  MILLRACE_CHECK(multi != nullptr);
  return multi;
}

using Calls = std::map<CURL*, std::unique_ptr<RemoteCall>>;

void finish_calls(CURLM* multi, Calls& calls) {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* const curl = message->easy_handle;
    const CURLcode code = message->data.result;
    auto call = calls.extract(curl);
    curl_multi_remove_handle(multi, curl);
    call.mapped()->done(call.mapped()->answer(code));
  }
}

void give_up(const RemoteCall& call) {
  call.done(Error{ErrorCode::kServiceException, "The server is stopping."});
}

}  // namespace

RemoteFunctions::RemoteFunctions(const FunctionSettings& settings)
    : settings_(settings), multi_(make_multi()) {}

RemoteFunctions::~RemoteFunctions() {
  stop();
  curl_multi_cleanup(static_cast<CURLM*>(multi_));
}

void RemoteFunctions::invoke(const FunctionVersion& version, const std::string& endpoint,
                             InvokeRequest request, InvokeDone done) {
  auto call = std::make_unique<RemoteCall>(version, endpoint, settings_, std::move(request),
                                           std::move(done));
  std::unique_lock lock(mutex_);
  if (stopping_) {
    lock.unlock();
    give_up(*call);
    return;
  }
  waiting_.push_back(std::move(call));
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  lock.unlock();
  curl_multi_wakeup(static_cast<CURLM*>(multi_));
}

void RemoteFunctions::run() {
  // A connection that breaks is an error of the call.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  CURLM* const multi = static_cast<CURLM*>(multi_);
  Calls calls;
  for (;;) {
    std::vector<std::unique_ptr<RemoteCall>> added;
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      added.swap(waiting_);
      stopping = stopping_;
    }
    for (auto& call : added) {
      CURL* const curl = call->curl;
      calls.emplace(curl, std::move(call));
      curl_multi_add_handle(multi, curl);
    }
    if (stopping) break;
    int running = 0;
    curl_multi_perform(multi, &running);
    finish_calls(multi, calls);
    curl_multi_poll(multi, nullptr, 0, kPollMilliseconds, nullptr);
  }
  for (const auto& [curl, call] : calls) {
    curl_multi_remove_handle(multi, curl);
    give_up(*call);
  }
}

void RemoteFunctions::stop() {
  std::thread thread;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    thread.swap(thread_);
  }
  curl_multi_wakeup(static_cast<CURLM*>(multi_));
  if (thread.joinable()) thread.join();
}

}  // namespace millrace::functions
