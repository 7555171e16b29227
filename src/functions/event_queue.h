// Invocations of type Event: accepted when they are durable, then made until they succeed or are
// given up (docs/formats/functions.md).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/result.h"
#include "engine/engine.h"
#include "functions/function_store.h"
#include "functions/invocation.h"

namespace millrace::functions {

struct EventQueueOptions {
  size_t events_max = 100'000;
  size_t bytes_max = size_t{256} * 1024 * 1024;  // of the payloads
  size_t running_max = 64;
  // Waits before the second and the third attempt after the function failed.
  int64_t first_retry_milliseconds = 60'000;
  int64_t second_retry_milliseconds = 120'000;
  // The first wait when the function could not be run, and the longest; each is twice the one
  // before.
  int64_t unavailable_milliseconds = 1'000;
  int64_t unavailable_milliseconds_max = 300'000;
};

struct QueuedEvent {
  std::string function;  // its name
  std::string qualifier;
  std::string client_context;
  Bytes payload;
  int64_t accepted_milliseconds = 0;
  int64_t attempts = 0;  // that the function answered, if badly
};

// Thread-safe. Everything it is given must outlive it; no invocation calls back after its end.
class EventQueue {
 public:
  // Goes on with what is stored. InternalServerError when that is damaged.
  static Result<std::unique_ptr<EventQueue>> open(engine::Engine& engine,
                                                  const FunctionStore& store, Invoker& invoker,
                                                  const Clock& clock, EventQueueOptions options);
  ~EventQueue();
  EventQueue(const EventQueue&) = delete;
  EventQueue& operator=(const EventQueue&) = delete;

  // Calls `accepted` once, on any thread. TooManyRequestsException when the queue is full.
  void add(QueuedEvent event, std::function<void(Status)> accepted);

 private:
  class Core;
  explicit EventQueue(std::shared_ptr<Core> core);

  const std::shared_ptr<Core> core_;
  std::thread thread_;
};

}  // namespace millrace::functions
