// The items that a benchmark writes and reads, and the calls that do it.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "cli/bench/exchange.h"
#include "cli/bench/options.h"
#include "cli/bench/tally.h"
#include "json/writer.h"

namespace millrace::cli::bench {

// Calls on one table, whose items are {"id": {"S": "item-000000000042"}, "payload": {"S": …}} of
// `item_bytes` together. For the query workload a hundred items share their id and have a sort key
// "at"; for a table with an index they have an attribute "group". For one thread.
class ItemCalls {
 public:
  // The sum of what the keys and the attributes' names take.
  static constexpr size_t kItemBytesMin = 46;
  static constexpr size_t kMarkBytesMax = 20;

  ItemCalls(const BenchOptions& options, uint64_t seed);

  void get(uint64_t key, Call& call);
  // Two payloads are practically never alike, so every put changes its item. They begin with
  // `mark`, of kMarkBytesMax at most.
  void put(uint64_t key, Call& call, std::string_view mark = {});
  // The same under the condition that the item is there.
  void conditional_put(uint64_t key, Call& call);
  // Adds to a further attribute "revision", with a new payload too or alone.
  void update(uint64_t key, Call& call);
  void counter(uint64_t key, Call& call);
  // Queries the items that share the item's partition key.
  void query(uint64_t key, Call& call);
  // Puts all the items, whose keys are distinct, in one batch or in one transaction.
  void batch(std::span<const uint64_t> keys, Call& call);
  void batch_get(std::span<const uint64_t> keys, Call& call);
  void transact(std::span<const uint64_t> keys, Call& call);

 private:
  std::string_view payload(std::string_view mark = {});
  void write_put_parameters(json::Writer& writer, uint64_t key, std::string_view mark = {});
  void write_update(uint64_t key, std::string_view expression, bool with_payload, Call& call);
  void write_item(json::Writer& writer, uint64_t key, std::string_view mark = {});

  std::string table_;
  bool grouped_;
  bool indexed_;
  size_t payload_bytes_;
  Random random_;
  std::string letters_;  // payloads are cut out of it
  std::string marked_;   // the latest payload with a mark
};

class TalliedExchange : public Exchange {
 public:
  void answered(const Call& call, const Answer& answer, std::chrono::nanoseconds latency) override {
    tally_.add(call, answer, latency);
  }
  [[nodiscard]] const Tally& tally() const { return tally_; }

 protected:
  Tally tally_;
};

// Puts the items `counter` to `items` - 1 once each, in batches, together with all that share the
// counter.
class LoadExchange final : public TalliedExchange {
 public:
  LoadExchange(const BenchOptions& options, uint64_t seed, std::atomic<uint64_t>& counter)
      : calls_(options, seed), items_(options.items), counter_(counter) {}

  bool next(SteadyTime now, Call& call) override;

 private:
  ItemCalls calls_;
  uint64_t items_;
  std::atomic<uint64_t>& counter_;
};

// Draws keys uniformly and calls what the workload says, until `deadline` or, where the options
// limit requests, until all that share `counter` have made so many.
class WorkloadExchange final : public TalliedExchange {
 public:
  WorkloadExchange(const BenchOptions& options, uint64_t seed, SteadyTime deadline,
                   std::atomic<uint64_t>& counter)
      : options_(options),
        calls_(options, seed),
        random_(seed),
        deadline_(deadline),
        counter_(counter) {}

  bool next(SteadyTime now, Call& call) override;

 private:
  [[nodiscard]] bool is_over(SteadyTime now);
  Workload draw_operation();
  std::vector<uint64_t> draw_distinct(size_t count);

  const BenchOptions& options_;
  ItemCalls calls_;
  Random random_;
  SteadyTime deadline_;
  std::atomic<uint64_t>& counter_;
};

}  // namespace millrace::cli::bench
