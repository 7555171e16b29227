// What Millrace asks of storage: bytes in, bytes out, atomic commits, and an ordered log per
// partition that is first class. No type of RocksDB or RADOS passes this header.
//
// Threading: every method may be called from any thread at any time. Callbacks run on a thread of
// the engine's or, when the answer is at hand, inside the call; they must not block.
// Lifetime: the engine outlives every callback it was given; its destructor completes all commits
// that were accepted and drops the waits.
// Errors: only InternalServerError, for a disk or cluster that fails. "Not there" is never an
// error.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace::engine {

// Given out by the catalog, never used twice. A partition exists from its first commit.
using PartitionId = uint64_t;
// Position of a record in a partition's log. Positions of a partition rise strictly, with gaps
// allowed. The first is at least 1.
using LogPosition = uint64_t;

struct Put {
  Bytes key;
  Bytes value;
};
struct Erase {
  Bytes key;
};
// All keys of the partition, at a cost that does not grow with their number. The log stays.
struct EraseAll {};
// The keys of the partition with from <= key < to, none when to <= from, at a cost that does not
// grow with their number.
struct EraseRange {
  Bytes from;
  Bytes to;
};

using Mutation = std::variant<Put, Erase, EraseAll, EraseRange>;

struct LogRecord {
  LogPosition position;
  Bytes value;
};

// Mutations apply in order. Records must be above every position the partition's log ever held.
struct PartitionCommit {
  PartitionId partition;
  std::vector<Mutation> mutations;
  std::vector<LogRecord> records;
};

// Where a value is.
struct Place {
  PartitionId partition;
  Bytes key;
};

using CommitDone = std::function<void(Status)>;

struct KeyRange {
  Bytes from;               // inclusive
  std::optional<Bytes> to;  // exclusive; none: to the end of the partition
};

enum class Direction { kForward, kBackward };

// Sees one key and value; the views die when it returns. Returns false to stop the scan.
using ScanVisitor = std::function<bool(ByteView key, ByteView value)>;
// Sees one log record, likewise.
using LogVisitor = std::function<bool(LogPosition position, ByteView value)>;

// The log holds records with first <= position < next. Empty when first == next.
struct LogRange {
  LogPosition first;
  LogPosition next;
};

class Engine {
 public:
  virtual ~Engine() = default;

  // The committed value, or nullopt when there is none. A commit is seen at the latest when its
  // `done` is called.
  [[nodiscard]] virtual Result<std::optional<Bytes>> get(PartitionId partition, ByteView key) = 0;

  // The same for every place, in their order, as of one moment: of a commit that the answer shows
  // anything of, it shows everything.
  [[nodiscard]] virtual Result<std::vector<std::optional<Bytes>>> get_all(
      const std::vector<Place>& places) = 0;

  // Visits the keys of `range` in byte order, or the reverse, as of one moment.
  [[nodiscard]] virtual Status scan(PartitionId partition, const KeyRange& range,
                                    Direction direction, const ScanVisitor& visit) = 0;

  // Applies all of `commit` or nothing, also across a crash, and then calls `done` once. With
  // durability "commit" it is on disk before `done`. Commits take effect in the order of the calls.
  // After `done` has got an error the engine refuses every later commit: what is on disk is then
  // known only after a restart.
  virtual void commit(std::vector<PartitionCommit> commit, CommitDone done) = 0;

  // Visits the records at `from` and above in order. Records below the trim point are not there,
  // which is not an error: compare with log_range().
  [[nodiscard]] virtual Status read_log(PartitionId partition, LogPosition from,
                                        const LogVisitor& visit) = 0;

  // `next` never falls, also after trimming everything and after a restart.
  [[nodiscard]] virtual Result<LogRange> log_range(PartitionId partition) = 0;

  // About how much storage the records at `first` and above, below `next`, take.
  [[nodiscard]] virtual Result<uint64_t> log_bytes(PartitionId partition, LogPosition first,
                                                   LogPosition next) = 0;

  // Drops the records below `before`, at a cost that does not grow with their number. Durable with
  // the next commit at the latest.
  [[nodiscard]] virtual Status trim_log(PartitionId partition, LogPosition before) = 0;

  // Calls `ready` once, as soon as the log holds a record at `position` or above.
  virtual void wait_log(PartitionId partition, LogPosition position,
                        std::function<void()> ready) = 0;

  // Drops keys and log. Idempotent and durable when it returns.
  [[nodiscard]] virtual Status drop(PartitionId partition) = 0;

  // Whether a commit over several partitions costs about as much as one over one.
  [[nodiscard]] virtual bool cheap_across_partitions() const = 0;
};

}  // namespace millrace::engine
