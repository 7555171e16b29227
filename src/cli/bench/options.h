#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace millrace::cli::bench {

enum class Workload {
  kGet,          // GetItem, eventually consistent
  kPut,          // PutItem of whole items
  kUpdate,       // UpdateItem: SET a new payload, ADD to a counter
  kMixed,        // half get, a quarter put, a quarter update
  kQuery,        // Query of a hundred items of one partition key
  kBatch,        // BatchWriteItem of 25 Puts
  kRecords,      // GetRecords, over and over from one position of one shard to its end
  kFollow,       // PutItem at a rate, and readers of every open shard that wait for the records
  kTransact,     // TransactWriteItems of four Puts, with a token as the SDKs send one
  kCounter,      // UpdateItem: ADD to a counter, the payload as it is
  kConditional,  // PutItem under a condition that holds: the item is there
  kScan,         // Scan of the whole table by pages of 1 MB, over and over
  kBatchGet,     // BatchGetItem of a hundred items
};

struct BenchOptions {
  std::string endpoint = "http://127.0.0.1:8000";
  std::string region = "us-east-1";
  size_t connections = 32;
  size_t threads = 1;
  double seconds = 10;
  std::optional<uint64_t> requests;  // instead of `seconds`
  size_t item_bytes = 1024;          // by the service's rules for item sizes
  uint64_t items = 10'000;           // keys are drawn uniformly from so many
  Workload workload = Workload::kMixed;
  std::string table = "millrace-bench";
  std::string stream_view_type;  // empty: no stream
  bool index = false;            // the table has a global secondary index, of all attributes
  bool keep_table = false;
  bool loaded = false;                 // the table holds the items already: none are loaded
  uint64_t writes_per_second = 5'000;  // of the workload follow
  size_t readers = 1;                  // of the workload follow
  uint64_t seed = 1;
  double timeout_seconds = 10;  // that an answer may take
};

}  // namespace millrace::cli::bench
