#include "functions/instance.h"

#include <filesystem>
#include <system_error>

#include <boost/asio/post.hpp>

#include "base/log.h"
#include "base/timestamp.h"
#include "functions/instance_setup.h"
#include "json/base64.h"

namespace millrace::functions {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kHexDigits = "0123456789abcdef";
// An answer waits this long for the runtime to ask for its next invocation, so that who has the
// answer finds the instance idle.
constexpr milliseconds kAnswerHeld{50};
// What a function's credentials are good for beyond its longest invocation.
constexpr milliseconds kCredentialsMargin{60'000};
// For the kernel to end killed processes, before their invocation is answered without.
constexpr milliseconds kKillTime{2'000};

// "2026/11/21/[$LATEST]0123456789abcdef0123456789abcdef"
std::string log_stream_name(const FunctionVersion& version, const std::string& id,
                            int64_t now_milliseconds) {
  std::string day = iso8601_milliseconds(now_milliseconds).substr(0, 10);
  day[4] = day[7] = '/';
  return day + "/[" + version.version + "]" + id;
}

// A header holds no control characters.
std::string header_value(std::string text) {
  for (char& character : text) {
    if (static_cast<unsigned char>(character) < 0x20 || character == 0x7f) character = ' ';
  }
  return text;
}

std::string trace_id(Random& random, int64_t now_milliseconds) {
  char seconds[16];
  std::snprintf(seconds, sizeof(seconds), "%08llx",
                static_cast<unsigned long long>(now_milliseconds / 1000));
  return std::string("Root=1-") + seconds + "-" + random.text(24, kHexDigits) +
         ";Parent=" + random.text(16, kHexDigits) + ";Sampled=0";
}

}  // namespace

Instance::Instance(InstanceSurroundings& surroundings, InstanceOwner& owner,
                   FunctionVersionPointer version)
    : surroundings_(surroundings),
      owner_(owner),
      version_(std::move(version)),
      id_(surroundings.random.text(32, kHexDigits)),
      timer_(*surroundings.loop) {
  log_stream_ = log_stream_name(*version_, id_, surroundings_.clock.now_milliseconds());
  log_ = std::make_shared<FunctionLog>(
      surroundings_.loop, surroundings_.log_sink, surroundings_.clock, surroundings_.busy_logs,
      FunctionLog::Place{
          .group = version_->log_group,
          .stream = log_stream_,
          .carriage_returns_are_line_breaks = !version_->runtime.starts_with("provided")});
  log_->set_on_room([this] {
    if (process_) process_->resume_output();
  });
}

Instance::~Instance() {
  log_->set_on_room(nullptr);
  if (api_) api_->close();
  if (process_) process_->forget_listener();
}

void Instance::start(InvocationPointer first) {
  invocation_ = std::move(first);
  begun_ = steady_clock::now();
  log_->write_line("INIT_START Runtime Version: " + version_->runtime);
  log_->begin_tail();
  const Status started = start_process();
  if (!started.ok()) {
    fail_start(started.error());
    return;
  }
  // A fault of the setup has ended it already.
  if (state_ == State::kStarting)
    expect_within(std::chrono::seconds(surroundings_.settings.init_seconds));
}

Result<auth::SigningCredentials> Instance::assume_role() {
  const FunctionSettings& settings = surroundings_.settings;
  if (!settings.assume_role) return settings.credentials;
  RoleSession session = TRY(settings.assume_role(version_->role, version_->name));
  credentials_end_milliseconds_ = session.expires_at_milliseconds;
  return std::move(session.credentials);
}

bool Instance::is_spent() const {
  const milliseconds longest = std::chrono::seconds(version_->timeout_seconds) + kCredentialsMargin;
  return surroundings_.clock.now_milliseconds() + longest.count() > credentials_end_milliseconds_;
}

Status Instance::start_process() {
  const auth::SigningCredentials credentials = TRY(assume_role());
  api_ = TRY(RuntimeApi::listen(*surroundings_.loop, *this));
  const std::string scratch = surroundings_.scratch_directory + "/" + id_;
  std::error_code error;
  std::filesystem::create_directory(scratch, error);
  if (error) {
    return Error{ErrorCode::kServiceException,
                 "an instance cannot be started: " + scratch + ": " + error.message()};
  }
  const InstanceSetup setup =
      set_up_instance(*version_, {.settings = surroundings_.settings,
                                  .credentials = credentials,
                                  .files = surroundings_.files,
                                  .control_groups = surroundings_.control_groups,
                                  .server_endpoint = surroundings_.server_endpoint,
                                  .scratch_directory = scratch,
                                  .log_stream = log_stream_,
                                  .id = id_,
                                  .runtime_api_port = api_->port()});
  if (setup.fault) {
    std::filesystem::remove(scratch, error);
    state_ = State::kEnding;
    outcome_ =
        service_fault(invocation_->request_id, setup.fault->error_type, setup.fault->message);
    // Not from within start(): the owner is about to keep this.
    boost::asio::post(*surroundings_.loop, [self = shared_from_this()] { self->become_ended(); });
    return Done{};
  }
  control_groups_ = setup.command.control_groups;
  auto started = InstanceProcess::start(*surroundings_.loop, setup.command, *this);
  if (!started.ok()) {
    for (const std::string& group : control_groups_) std::filesystem::remove(group, error);
    std::filesystem::remove(scratch, error);
    return started.error();
  }
  process_ = std::move(*started);
  return Done{};
}

void Instance::fail_start(const Error& error) {
  log::warn("an instance cannot be started",
            {{"function", version_->name}, {"error", error.message}});
  state_ = State::kEnding;
  boost::asio::post(*surroundings_.loop, [self = shared_from_this(), error] {
    const InvocationPointer invocation = std::move(self->invocation_);
    self->become_ended();
    invocation->done(error);
  });
}

void Instance::invoke(InvocationPointer invocation) {
  MILLRACE_CHECK(state_ == State::kIdle);
  invocation_ = std::move(invocation);
  log_->begin_tail();
  begin();
}

void Instance::begin() {
  state_ = State::kBusy;
  begun_ = steady_clock::now();
  const std::chrono::seconds timeout(version_->timeout_seconds);
  deadline_ = begun_ + timeout;
  started_invocation_ = true;
  log_->write_line("START RequestId: " + invocation_->request_id +
                   " Version: " + version_->version);
  api_->deliver(event());
  expect_within(timeout);
}

http::Response Instance::event() const {
  const InvokeRequest& request = invocation_->request;
  const int64_t now = surroundings_.clock.now_milliseconds();
  const std::string qualifier = request.qualifier.empty() ? "" : ":" + request.qualifier;
  http::Response event;
  event.headers = {
      {"Lambda-Runtime-Aws-Request-Id", invocation_->request_id},
      {"Lambda-Runtime-Deadline-Ms", std::to_string(now + version_->timeout_seconds * 1000)},
      {"Lambda-Runtime-Invoked-Function-Arn", version_->arn + qualifier},
      {"Lambda-Runtime-Trace-Id", trace_id(surroundings_.random, now)},
  };
  if (!request.client_context.empty()) {
    if (auto context = json::base64_decode(request.client_context)) {
      event.headers.push_back({"Lambda-Runtime-Client-Context", header_value(std::move(*context))});
    }
  }
  event.body = request.payload;
  return event;
}

void Instance::on_next() {
  switch (state_) {
    case State::kStarting:
      init_milliseconds_ = milliseconds_since(begun_);
      begin();
      return;
    case State::kBusy:
      api_->deliver(
          runtime_error(403, "InvalidStateTransition", "The invocation has not been answered yet"));
      return;
    case State::kAnswered:
      if (invocation_) finish();
      become_idle();
      return;
    case State::kAway:
      become_idle();
      return;
    case State::kIdle:
    case State::kEnding:
    case State::kEnded:
      return;
  }
}

void Instance::on_next_gone() {
  if (state_ != State::kIdle) return;
  state_ = State::kAway;
  owner_.on_not_idle(*this);
}

std::optional<http::Response> Instance::refusal_of(std::string_view request_id) const {
  if (!invocation_ || invocation_->request_id != request_id || !started_invocation_) {
    return runtime_error(400, "InvalidRequestID", "Invalid request ID");
  }
  if (state_ != State::kBusy) {
    return runtime_error(403, "InvalidStateTransition", "The invocation has been answered");
  }
  return std::nullopt;
}

http::Response Instance::on_response(std::string_view request_id, RuntimePost post) {
  if (auto refusal = refusal_of(request_id)) return *refusal;
  if (post.body_bytes > kResponseBytesMax) {
    take_answer(response_too_large(post.body_bytes));
    return runtime_error(
        413, "RequestEntityTooLarge",
        "Exceeded maximum allowed payload size (" + std::to_string(kResponseBytesMax) + " bytes).");
  }
  take_answer({.payload = std::move(post.body), .function_error = {}});
  return runtime_accepted();
}

http::Response Instance::on_error(std::string_view request_id, RuntimePost post) {
  if (auto refusal = refusal_of(request_id)) return *refusal;
  if (post.body_bytes > kResponseBytesMax) {
    take_answer(response_too_large(post.body_bytes));
  } else {
    take_answer(reported_error(std::move(post.body), std::move(post.error_type)));
  }
  return runtime_accepted();
}

http::Response Instance::on_init_error(RuntimePost post) {
  if (state_ != State::kStarting) {
    return runtime_error(403, "InvalidStateTransition", "The init phase is over");
  }
  const std::string type = post.error_type.empty() ? "Runtime.Unknown" : post.error_type;
  Outcome outcome = reported_error(std::move(post.body), type);
  outcome.status = "error";
  outcome.error_type = type;
  kill(std::move(outcome));
  return runtime_accepted();
}

void Instance::take_answer(Outcome outcome) {
  duration_milliseconds_ = milliseconds_since(begun_);
  outcome_ = std::move(outcome);
  state_ = State::kAnswered;
  expect_within(kAnswerHeld);
}

void Instance::finish() {
  if (process_) process_->read_output();
  const InvocationPointer invocation = std::move(invocation_);
  Outcome outcome = std::move(*outcome_);
  outcome_.reset();
  if (!started_invocation_) {
    log_->write_line(init_report_line(duration_milliseconds_, outcome));
    log_->write_line("START RequestId: " + invocation->request_id +
                     " Version: " + version_->version);
  }
  started_invocation_ = false;
  if (!outcome.log_line.empty()) log_->write_line(std::move(outcome.log_line));
  log_->write_line("END RequestId: " + invocation->request_id);
  log_->write_line(report_line({.request_id = invocation->request_id,
                                .duration_milliseconds = duration_milliseconds_,
                                .init_milliseconds = std::exchange(init_milliseconds_, {}),
                                .memory_mebibytes = version_->memory_mebibytes,
                                .memory_peak_bytes = memory_peak_bytes(),
                                .outcome = outcome}));
  InvokeAnswer answer = {.payload = std::move(outcome.payload),
                         .function_error = std::move(outcome.function_error),
                         .log_tail = invocation->request.wants_log_tail ? log_->tail() : "",
                         .executed_version = version_->version,
                         .request_id = invocation->request_id};
  // What follows from the answer finds this instance in the state it is about to get.
  boost::asio::post(*surroundings_.loop,
                    [done = std::move(invocation->done), answer = std::move(answer)]() mutable {
                      done(std::move(answer));
                    });
}

void Instance::become_idle() {
  state_ = State::kIdle;
  idle_since_ = steady_clock::now();
  if (end_when_idle_) {
    kill({});
    return;
  }
  expect_within(std::chrono::seconds(surroundings_.settings.idle_seconds));
  owner_.on_idle(*this);
}

void Instance::end_when_idle() {
  end_when_idle_ = true;
  if (state_ != State::kIdle && state_ != State::kAway) return;
  owner_.on_not_idle(*this);
  kill({});
}

void Instance::stop() {
  end_when_idle_ = true;
  if (state_ == State::kEnded) return;
  if (state_ == State::kStarting || state_ == State::kBusy) {
    const InvocationPointer invocation = std::move(invocation_);
    outcome_.reset();
    boost::asio::post(*surroundings_.loop, [done = std::move(invocation->done)] {
      done(Error{ErrorCode::kServiceException, "The server is stopping."});
    });
  }
  if (state_ == State::kIdle) owner_.on_not_idle(*this);
  if (state_ != State::kEnding) kill(outcome_ ? std::move(*outcome_) : Outcome{});
}

// on_end() follows, or the timer.
void Instance::kill(Outcome outcome) {
  if (state_ != State::kAnswered) duration_milliseconds_ = milliseconds_since(begun_);
  if (invocation_) outcome_ = std::move(outcome);
  state_ = State::kEnding;
  if (process_) process_->kill();
  expect_within(kKillTime);
}

Outcome Instance::outcome_of(const ProcessEnd& end) const {
  if (end.start_error == 0) return runtime_exited(invocation_->request_id, end.wait_status);
  return service_fault(invocation_->request_id, "Runtime.InvalidEntrypoint",
                       "fork/exec " + version_->code_directory +
                           "/bootstrap: " + std::generic_category().message(end.start_error));
}

bool Instance::on_output(ByteView bytes) {
  log_->write_output(bytes);
  return !log_->full();
}

void Instance::on_end(const ProcessEnd& end) {
  if (state_ == State::kIdle) owner_.on_not_idle(*this);
  if (state_ == State::kStarting || state_ == State::kBusy) {
    duration_milliseconds_ = milliseconds_since(begun_);
    outcome_ = outcome_of(end);
  }
  become_ended();
}

void Instance::become_ended() {
  if (state_ == State::kEnded) return;
  if (invocation_) finish();
  state_ = State::kEnded;
  ++timer_round_;
  timer_.cancel();
  if (api_) api_->close();
  owner_.on_ended(*this);
}

void Instance::expect_within(milliseconds time) {
  timer_.expires_after(time);
  timer_.async_wait(
      [weak = weak_from_this(), round = ++timer_round_](boost::system::error_code error) {
        const auto self = weak.lock();
        if (!error && self && round == self->timer_round_) self->on_timer();
      });
}

void Instance::on_timer() {
  switch (state_) {
    case State::kStarting:
      kill(timed_out(invocation_->request_id, surroundings_.settings.init_seconds,
                     surroundings_.clock.now_milliseconds()));
      return;
    case State::kBusy:
      kill(timed_out(invocation_->request_id, version_->timeout_seconds,
                     surroundings_.clock.now_milliseconds()));
      return;
    case State::kAnswered:
      if (!invocation_) {
        kill({});
        return;
      }
      finish();
      // What the runtime does after its answer counts, too.
      expect_within(std::chrono::ceil<milliseconds>(deadline_ - steady_clock::now()));
      return;
    case State::kIdle:
      owner_.on_not_idle(*this);
      kill({});
      return;
    case State::kAway:
      kill({});
      return;
    case State::kEnding:
      if (process_) process_->kill_supervisor();
      if (invocation_) finish();
      return;
    case State::kEnded:
      return;
  }
}

double Instance::milliseconds_since(SteadyTime begin) const {
  return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
}

int64_t Instance::memory_peak_bytes() const {
  if (const auto peak = ControlGroups::memory_peak_bytes(control_groups_)) return *peak;
  return process_ ? process_->memory_peak_bytes() : 0;
}

}  // namespace millrace::functions
