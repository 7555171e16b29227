// A long log of one partition: what it costs to trim it, and what its length costs in memory.
//   millrace_log_trim [RECORDS [VALUE_BYTES]]
// Appends the records in batches to a RocksDB engine without fsync, in a directory below the
// working directory and thus on a real disk, drops all but the last, and prints what that took.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <semaphore>
#include <string>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

#include "base/random.h"
#include "engine/rocksdb/rocksdb_engine.h"

namespace millrace::bench {
namespace {

using engine::Engine;
using engine::LogPosition;
using std::chrono::steady_clock;

constexpr engine::PartitionId kPartition = 1;
constexpr uint64_t kBatchRecords = 1'000;
constexpr std::ptrdiff_t kInFlight = 8;
constexpr auto kReclaimTimeout = std::chrono::seconds(60);

template <typename T>
T check(Result<T> result) {
  if (!result.ok()) fmt::print(stderr, "{}\n", result.error().message);
  MILLRACE_CHECK(result.ok());
  return std::move(result).value();
}

template <typename Work>
double milliseconds_of(const Work& work) {
  const auto begin = steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
}

double resident_megabytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t total = 0;
  uint64_t resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

double disk_megabytes(const std::filesystem::path& directory) {
  uint64_t bytes = 0;
  std::error_code gone;  // files come and go meanwhile
  for (auto at = std::filesystem::directory_iterator(directory, gone);
       !gone && at != std::filesystem::directory_iterator(); at.increment(gone)) {
    std::error_code unreadable;
    const uint64_t size = at->file_size(unreadable);
    if (!unreadable) bytes += size;
  }
  return static_cast<double>(bytes) / 1e6;
}

// Writes the records `first` to `last` - 1, the value of each unlike the others.
void append(Engine& engine, LogPosition first, LogPosition last, size_t value_bytes) {
  Random random(first);
  const std::string letters =
      random.text(value_bytes + 65'536, "abcdefghijklmnopqrstuvwxyz0123456789");
  std::counting_semaphore<> free_places(kInFlight);
  for (LogPosition at = first; at < last;) {
    engine::PartitionCommit commit{.partition = kPartition, .mutations = {}, .records = {}};
    for (const LogPosition end = std::min(at + kBatchRecords, last); at < end; ++at) {
      commit.records.push_back({at, letters.substr(random.below(65'536), value_bytes)});
    }
    free_places.acquire();
    std::vector<engine::PartitionCommit> parts;
    parts.push_back(std::move(commit));
    engine.commit(std::move(parts), [&](const Status& status) {
      MILLRACE_CHECK(status.ok());
      free_places.release();
    });
  }
  for (std::ptrdiff_t i = 0; i < kInFlight; ++i) free_places.acquire();
}

uint64_t count_records(Engine& engine, LogPosition from) {
  uint64_t count = 0;
  check(engine.read_log(kPartition, from, [&](LogPosition, ByteView) { return ++count < 1'000; }));
  return count;
}

// Of a log of `next` - 1 records, the first of which that is left is `first`.
void print_reads(Engine& engine, std::string_view when, LogPosition first, LogPosition next) {
  const double range = milliseconds_of([&] {
    const auto found = check(engine.log_range(kPartition));
    MILLRACE_CHECK(found.first == first && found.next == next);
  });
  // From the beginning, as TRIM_HORIZON may ask, and from the trim point.
  const uint64_t left = next - first;
  const double oldest = milliseconds_of([&] { MILLRACE_CHECK(count_records(engine, 1) == left); });
  const double trim_point =
      milliseconds_of([&] { MILLRACE_CHECK(count_records(engine, first) == left); });
  fmt::print(
      "{}: log_range {:.3f} ms, read from the oldest {:.3f} ms, from the trim point {:.3f} ms\n",
      when, range, oldest, trim_point);
}

class Directory {
 public:
  Directory() : path_(std::filesystem::current_path() / fmt::format("log_trim.{}", getpid())) {}
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::unique_ptr<Engine> open() const {
    return check(engine::open_rocksdb_engine(
        {.directory = path_.string(), .durability = engine::Durability::kOs}));
  }

 private:
  const std::filesystem::path path_;
};

// Waits until the files have shrunk to a twentieth, or for a minute.
void print_reclaim(const std::filesystem::path& directory, double before) {
  const auto begin = steady_clock::now();
  auto seconds = [&] { return std::chrono::duration<double>(steady_clock::now() - begin).count(); };
  fmt::print("disk: {:.0f} MB before", before);
  double now = before;
  for (const auto wait : {std::chrono::milliseconds(0), std::chrono::milliseconds(1'000)}) {
    std::this_thread::sleep_for(wait);
    now = disk_megabytes(directory);
    fmt::print(", {:.0f} MB after {:.1f} s", now, seconds());
  }
  while (now > before / 20 && steady_clock::now() - begin < kReclaimTimeout) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    now = disk_megabytes(directory);
  }
  fmt::print(", {:.0f} MB after {:.1f} s\n", now, seconds());
}

void run(LogPosition records, size_t value_bytes) {
  const Directory directory;
  auto engine = directory.open();
  LogPosition written = 0;
  for (LogPosition until = records / 10;; until = records) {
    const double took =
        milliseconds_of([&] { append(*engine, written + 1, until + 1, value_bytes); });
    const double rate = static_cast<double>(until - written) / took * 1e3;
    written = until;
    fmt::print("{} records of {} bytes: {:.0f}/s, RSS {:.0f} MB, disk {:.0f} MB\n", written,
               value_bytes, rate, resident_megabytes(), disk_megabytes(directory.path()));
    if (until == records) break;
  }

  const double before = disk_megabytes(directory.path());
  const double returned = milliseconds_of([&] { check(engine->trim_log(kPartition, records)); });
  // A commit without records: it is written behind the trim, and leaves the log as it is.
  const double durable = milliseconds_of([&] {
    std::binary_semaphore done(0);
    engine->commit({{.partition = kPartition, .mutations = {engine::Put{"k", "v"}}, .records = {}}},
                   [&](const Status& status) {
                     MILLRACE_CHECK(status.ok());
                     done.release();
                   });
    done.acquire();
  });
  fmt::print("trim of {} records: returned after {:.3f} ms, durable after {:.3f} ms\n", records - 1,
             returned, returned + durable);
  print_reads(*engine, "first reads", records, records + 1);
  print_reclaim(directory.path(), before);
  print_reads(*engine, "later reads", records, records + 1);
  fmt::print("RSS {:.0f} MB\n", resident_megabytes());
  check(engine->trim_log(kPartition, records + 1));
  print_reads(*engine, "reads after the last record is trimmed too", records + 1, records + 1);
  const double opened = milliseconds_of([&] {
    engine.reset();
    engine = directory.open();
  });
  fmt::print("closed and opened again in {:.0f} ms\n", opened);
  print_reads(*engine, "reads after that", records + 1, records + 1);
}

}  // namespace
}  // namespace millrace::bench

int main(int argc, char** argv) {
  const uint64_t records = argc > 1 ? std::stoull(argv[1]) : 10'000'000;
  const size_t value_bytes = argc > 2 ? std::stoull(argv[2]) : 100;
  setvbuf(stdout, nullptr, _IOLBF, 0);
  millrace::bench::run(records, value_bytes);
}
