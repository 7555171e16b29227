#include "triggers/simulation_testing.h"

#include <fmt/format.h>

#include "ops/create_table.h"
#include "ops/put_item.h"
#include "ops/split_table.h"

namespace millrace::triggers {
namespace {

constexpr const char* kTable = R"({"TableName": "table", "BillingMode": "PAY_PER_REQUEST",
  "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
  "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
  "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}})";

}  // namespace

Scheduler::TimerId SimulatedScheduler::after(std::chrono::milliseconds delay, Task task) {
  const TimerId id = next_timer_++;
  timers_.emplace(clock_.now_milliseconds() + delay.count(), Timer{id, std::move(task)});
  return id;
}

void SimulatedScheduler::cancel(TimerId timer) {
  std::erase_if(timers_, [&](const auto& entry) { return entry.second.id == timer; });
}

void SimulatedScheduler::run() {
  while (!tasks_.empty()) {
    const Task task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
  }
}

void SimulatedScheduler::advance(std::chrono::milliseconds by) {
  const int64_t end = clock_.now_milliseconds() + by.count();
  run();
  while (!timers_.empty() && timers_.begin()->first <= end) {
    const int64_t due = timers_.begin()->first;
    tasks_.push_back(std::move(timers_.begin()->second.task));
    timers_.erase(timers_.begin());
    if (due > clock_.now_milliseconds()) {
      clock_.advance_microseconds((due - clock_.now_milliseconds()) * 1000);
    }
    run();
  }
  clock_.advance_microseconds((end - clock_.now_milliseconds()) * 1000);
}

void SimulatedSignal::wait(engine::PartitionId, engine::LogPosition, uint64_t seen_changes,
                           std::function<void()> woken) {
  if (seen_changes != changes_) return woken();
  waiting_.push_back(std::move(woken));
}

void SimulatedSignal::wake() {
  ++changes_;
  for (const auto& woken : std::exchange(waiting_, {})) woken();
}

void SimulatedFunction::invoke(functions::InvokeRequest request, functions::InvokeDone done) {
  Answer answer = script(request);
  scheduler_.after(answer.after, [done = std::move(done), answer] { done(answer.answer); });
}

void SimulatedDestinations::send(const std::string&, FailedBatch batch,
                                 std::function<void(Status)> done) {
  done(script(batch));
}

functions::InvokeAnswer succeeded(std::string payload) {
  functions::InvokeAnswer answer;
  answer.payload = std::move(payload);
  return answer;
}

functions::InvokeAnswer unhandled() {
  functions::InvokeAnswer answer;
  answer.payload = R"({"errorMessage": "no"})";
  answer.function_error = "Unhandled";
  return answer;
}

Simulation::Server::Server(Simulation& simulation)
    : scheduler(simulation.clock_), invoker(scheduler) {
  invoker.script = [&simulation](const auto& request) { return simulation.function(request); };
  destinations.script = [&simulation](const FailedBatch& batch) {
    return simulation.destination(batch);
  };
  triggers = std::make_unique<Triggers>(
      Environment{*simulation.database_, scheduler, signal, invoker, destinations},
      *simulation.store_);
  triggers->start();
}

Simulation::Server::~Server() {
  triggers.reset();
}

Simulation::Simulation() {
  call(ops::create_table, kTable);
  function = [](const auto&) { return SimulatedFunction::Answer{succeeded()}; };
  destination = [](const auto&) { return Done{}; };
  start();
}

Simulation::~Simulation() = default;

void Simulation::start() {
  store_ = MappingStore::open(*engine_).value();
  server_ = std::make_unique<Server>(*this);
}

void Simulation::crash() {
  server_.reset();
  start();
}

void Simulation::call(ops::Operation operation, const std::string& input) {
  const auto document = json::Document::parse(input);
  bool answered = false;
  operation({*database_, json::Object(document->root()), {}, "localhost"},
            [&](const Result<std::string>& answer) {
              answered = true;
              EXPECT_TRUE(answer.ok()) << answer.error().message;
            });
  EXPECT_TRUE(answered) << "the memory engine answers at once";
  if (server_) server_->signal.wake();
}

void Simulation::put(const std::string& key, int64_t number, const std::string& color) {
  call(ops::put_item, fmt::format(R"({{"TableName": "table", "Item": {{"id": {{"S": "{}"}},
      "number": {{"N": "{}"}}, "color": {{"S": "{}"}}}}}})",
                                  key, number, color));
}

void Simulation::split() {
  call(ops::split_table, R"({"TableName": "table"})");
}

std::string Simulation::stream_arn() const {
  const auto table = catalog_->find_table("table");
  return catalog::stream_arn(catalog_->site(), table->name, table->latest_stream->label);
}

void Simulation::create(Mapping mapping) {
  if (mapping.event_source_arn.empty()) mapping.event_source_arn = stream_arn();
  if (mapping.function_arn.empty()) mapping.function_arn = "function";
  store_->insert(std::make_shared<const Mapping>(std::move(mapping)),
                 [](const auto& result) { EXPECT_TRUE(result.ok()); });
}

void Simulation::change(const std::string& uuid, const std::function<void(Mapping&)>& change) {
  store_->change(
      uuid,
      [&](const MappingPointer& current) -> Result<MappingPointer> {
        auto changed = std::make_shared<Mapping>(*current);
        change(*changed);
        return MappingPointer(std::move(changed));
      },
      [](const auto& result) { EXPECT_TRUE(result.ok()); });
}

MappingStatistics Simulation::statistics(const std::string& uuid) {
  MappingStatistics statistics;
  server_->triggers->describe(uuid, [&](const Result<MappingStatistics>& result) {
    ASSERT_TRUE(result.ok()) << result.error().message;
    statistics = *result;
  });
  run();
  return statistics;
}

}  // namespace millrace::triggers
