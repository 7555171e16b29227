#include "functions/runner.h"

#include <filesystem>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "base/log.h"
#include "functions/instance_pool.h"
#include "functions/remote_functions.h"

namespace millrace::functions {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopTime{5'000};
constexpr milliseconds kStopTick{5};

// A UUID of version 4.
std::string new_request_id(Random& random) {
  const uint64_t high = (random.next() & ~uint64_t{0xf000}) | 0x4000;
  const uint64_t low = (random.next() >> 2) | (uint64_t{1} << 63);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff,
                     high & 0xffff, low >> 48, low & 0xffff'ffff'ffff);
}

// With its reactor, which would else be made with the first timer, and throws for want of files.
EventLoopPointer make_event_loop() {
  auto loop = std::make_shared<EventLoop>(1);
  const boost::asio::steady_timer first_timer(*loop);
  return loop;
}

}  // namespace

Runner::Runner(const FunctionSettings& settings, FunctionLogSink& log_sink, Random& random,
               const Clock& clock)
    : settings_(settings),
      random_(random),
      concurrency_(settings.concurrency_max),
      surroundings_(std::make_unique<InstanceSurroundings>(
          InstanceSurroundings{.loop = make_event_loop(),
                               .settings = settings,
                               .files = {},
                               .control_groups = {},
                               .log_sink = log_sink,
                               .busy_logs = std::make_shared<size_t>(0),
                               .random = random,
                               .clock = clock,
                               .scratch_directory = {},
                               .server_endpoint = {}})),
      remote_(std::make_unique<RemoteFunctions>(settings)),
      pool_(std::make_unique<InstancePool>(*surroundings_)) {}

Result<std::unique_ptr<Runner>> Runner::start(const FunctionSettings& settings,
                                              const std::string& scratch_directory,
                                              FunctionLogSink& log_sink, Random& random,
                                              const Clock& clock) {
  std::unique_ptr<Runner> runner(new Runner(settings, log_sink, random, clock));
  InstanceSurroundings& surroundings = *runner->surroundings_;
  surroundings.files = TRY(write_runtime_files(scratch_directory + "/runtime"));
  const std::filesystem::path instances =
      std::filesystem::absolute(scratch_directory).lexically_normal() / "instances";
  std::error_code error;
  std::filesystem::remove_all(instances, error);
  std::filesystem::create_directories(instances, error);
  if (error) {
    return Error{ErrorCode::kInvalidConfiguration,
                 "cannot make " + instances.string() + ": " + error.message()};
  }
  surroundings.scratch_directory = instances.string();
  if (settings.control_groups) surroundings.control_groups = ControlGroups::find();
  runner->thread_ = std::thread([loop = surroundings.loop] {
    const auto work = boost::asio::make_work_guard(*loop);
    loop->run();
  });
  return runner;
}

Runner::~Runner() {
  stop();
}

void Runner::set_server_endpoint(std::string url) {
  boost::asio::post(*surroundings_->loop, [this, url = std::move(url)]() mutable {
    surroundings_->server_endpoint = std::move(url);
  });
}

void Runner::run(FunctionVersionPointer version, InvokeRequest request, InvokeDone done) {
  if (stopped_) {
    done(Error{ErrorCode::kServiceException, "The server is stopping."});
    return;
  }
  Status entered = concurrency_.enter(version->name);
  if (!entered.ok()) {
    done(entered.error());
    return;
  }
  InvokeDone leave = [this, name = version->name,
                      done = std::move(done)](Result<InvokeAnswer> result) {
    concurrency_.leave(name);
    done(std::move(result));
  };
  const bool has_default = version->endpoint.empty() && version->code_directory.empty();
  const std::string& endpoint = has_default ? settings_.endpoint : version->endpoint;
  if (!endpoint.empty()) {
    remote_->invoke(*version, endpoint, std::move(request), std::move(leave));
    return;
  }
  auto invocation = std::make_unique<Invocation>(Invocation{
      std::move(version), std::move(request), std::move(leave), new_request_id(random_)});
  boost::asio::post(*surroundings_->loop, [this, invocation = std::move(invocation)]() mutable {
    pool_->run(std::move(invocation));
  });
}

void Runner::retire(const std::string& name, const std::string& revision_id) {
  boost::asio::post(*surroundings_->loop,
                    [this, name, revision_id] { pool_->retire(name, revision_id); });
}

void Runner::reserve(const std::string& name, std::optional<int64_t> limit) {
  concurrency_.reserve(name, limit);
}

void Runner::stop() {
  stopped_ = true;
  remote_->stop();
  if (!thread_.joinable()) return;
  boost::asio::post(*surroundings_->loop, [this] {
    pool_->stop();
    await_stop();
  });
  thread_.join();
  // What came while the loop ended.
  surroundings_->loop->restart();
  surroundings_->loop->poll();
}

// On the loop's thread: ends the loop when there is nothing left to wait for.
void Runner::await_stop() {
  auto timer = std::make_shared<boost::asio::steady_timer>(*surroundings_->loop);
  const auto deadline = std::chrono::steady_clock::now() + kStopTime;
  auto look = std::make_shared<std::function<void()>>();
  *look = [this, timer, deadline, weak = std::weak_ptr(look)] {
    const bool done = pool_->empty() && *surroundings_->busy_logs == 0;
    if (done || std::chrono::steady_clock::now() > deadline) {
      if (!done) log::warn("functions did not stop in time");
      surroundings_->loop->stop();
      return;
    }
    timer->expires_after(kStopTick);
    timer->async_wait([look = weak.lock()](boost::system::error_code /*error*/) { (*look)(); });
  };
  (*look)();
}

}  // namespace millrace::functions
