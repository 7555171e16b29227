// The write buffer by itself, on the comparator and the memory of an open RocksDB, and in one.
#include "engine/rocksdb/write_buffer.h"

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "base/bytes.h"
#include "base/random.h"
#include "engine/temporary_directory_testing.h"

namespace millrace::engine {
namespace {

using rocksdb::MemTableRep;

// Notes what RocksDB gives to the buffers that it makes.
class ObservedFactory final : public rocksdb::MemTableRepFactory {
 public:
  [[nodiscard]] const char* Name() const override { return "ObservedFactory"; }
  using MemTableRepFactory::CreateMemTableRep;
  MemTableRep* CreateMemTableRep(const MemTableRep::KeyComparator& comparator,
                                 rocksdb::Allocator* allocator,
                                 const rocksdb::SliceTransform* /*prefix_extractor*/,
                                 rocksdb::Logger* /*logger*/) override {
    comparator_ = &comparator;
    allocator_ = allocator;
    return make();
  }

  // Another buffer in the memory of the last one.
  MemTableRep* make() {
    return factory_->CreateMemTableRep(*comparator_, allocator_, nullptr, nullptr);
  }
  rocksdb::Allocator* allocator() { return allocator_; }

 private:
  std::shared_ptr<rocksdb::MemTableRepFactory> factory_ = write_buffer_factory();
  const MemTableRep::KeyComparator* comparator_ = nullptr;
  rocksdb::Allocator* allocator_ = nullptr;
};

// A RocksDB whose column family has the buffer.
class OpenDatabase {
 public:
  explicit OpenDatabase(size_t write_buffer_bytes = 256U << 20) {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.allow_concurrent_memtable_write = false;
    options.write_buffer_size = write_buffer_bytes;
    options.memtable_factory = factory_;
    rocksdb::DB* db = nullptr;
    MILLRACE_CHECK(rocksdb::DB::Open(options, directory_.path(), &db).ok());
    db_.reset(db);
  }

  rocksdb::DB& operator*() { return *db_; }
  rocksdb::DB* operator->() { return db_.get(); }
  ObservedFactory& factory() { return *factory_; }

 private:
  TemporaryDirectory directory_;
  std::shared_ptr<ObservedFactory> factory_ = std::make_shared<ObservedFactory>();
  std::unique_ptr<rocksdb::DB> db_;
};

constexpr uint8_t kDeletion = 0;
constexpr uint8_t kValue = 1;

// A key and which version of it, in the order of the buffer: newest first.
struct Version {
  Bytes key;
  uint64_t sequence = 0;

  bool operator==(const Version&) const = default;
  bool operator<(const Version& other) const {
    return key != other.key ? key < other.key : sequence > other.sequence;
  }
};

Bytes internal_key(const Version& version, uint8_t type = kValue) {
  Bytes key = version.key;
  const uint64_t trailer = version.sequence << 8U | type;
  for (int shift = 0; shift < 64; shift += 8) key += static_cast<char>(trailer >> shift);
  return key;
}

Version version_of(const char* entry) {
  const Bytes key = rocksdb::GetLengthPrefixedSlice(entry).ToString();
  uint64_t trailer = 0;
  for (size_t i = 0; i < 8; ++i) {
    trailer |= uint64_t{static_cast<unsigned char>(key[key.size() - 8 + i])} << (8 * i);
  }
  return {key.substr(0, key.size() - 8), trailer >> 8U};
}

// A buffer by itself.
class Buffer {
 public:
  explicit Buffer(OpenDatabase& database) : rep_(database.factory().make()) {}

  MemTableRep* operator->() { return rep_.get(); }

  bool insert(const Version& version, uint8_t type = kValue) {
    Bytes entry;
    append_sized(entry, internal_key(version, type));
    append_sized(entry, Bytes(version.sequence % 30, 'v'));
    char* memory = nullptr;
    const rocksdb::KeyHandle handle = rep_->Allocate(entry.size(), &memory);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 8, 0);
    entry.copy(memory, entry.size());
    return rep_->InsertKey(handle);
  }
  bool contains(const Version& version) {
    Bytes entry;
    append_sized(entry, internal_key(version));
    return rep_->Contains(entry.data());
  }
  uint64_t estimate(const Version& from, const Version& to) {
    return rep_->ApproximateNumEntries(internal_key(from), internal_key(to));
  }
  std::unique_ptr<MemTableRep::Iterator> iterator() {
    return std::unique_ptr<MemTableRep::Iterator>(rep_->GetIterator());
  }

 private:
  std::unique_ptr<MemTableRep> rep_;
};

using Versions = std::set<Version>;

std::optional<Version> at(const MemTableRep::Iterator& iterator) {
  if (!iterator.Valid()) return std::nullopt;
  return version_of(iterator.key());
}

std::optional<Version> at(const Versions& versions, Versions::const_iterator place) {
  if (place == versions.end()) return std::nullopt;
  return *place;
}

// Few of few bytes, so that most are prefixes of others or equal to them for long.
Bytes random_key(Random& random) {
  static const Bytes kStart(16, '\0');
  static const Bytes kAlphabet("\x00\x01\x7f\x80\xff", 5);
  const Bytes start = kStart.substr(0, random.below(3) * 8);
  return start + random.text(random.below(4), kAlphabet);
}

void expect_same_walks(Buffer& buffer, const Versions& expected) {
  const auto iterator = buffer.iterator();
  auto place = expected.begin();
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next(), ++place) {
    ASSERT_EQ(at(*iterator), at(expected, place));
  }
  ASSERT_EQ(place, expected.end());
  auto back = expected.rbegin();
  for (iterator->SeekToLast(); iterator->Valid(); iterator->Prev(), ++back) {
    ASSERT_NE(back, expected.rend());
    ASSERT_EQ(at(*iterator), *back);
  }
  ASSERT_EQ(back, expected.rend());
}

void expect_same_searches(Buffer& buffer, const Versions& expected, const Version& wanted) {
  const auto iterator = buffer.iterator();
  iterator->Seek(internal_key(wanted), nullptr);
  ASSERT_EQ(at(*iterator), at(expected, expected.lower_bound(wanted)));
  iterator->SeekForPrev(internal_key(wanted), nullptr);
  const auto after = expected.upper_bound(wanted);
  ASSERT_EQ(at(*iterator),
            after == expected.begin() ? std::nullopt : at(expected, std::prev(after)));
  ASSERT_EQ(buffer.contains(wanted), expected.contains(wanted));
}

TEST(WriteBuffer, AnswersAsASortedSetDoes) {
  OpenDatabase database;
  Random random(1);
  for (int round = 0; round < 40; ++round) {
    Buffer buffer(database);
    Versions expected;
    for (uint64_t sequence = 1; sequence <= 400; ++sequence) {
      const Version version{random_key(random), sequence};
      ASSERT_TRUE(buffer.insert(version));
      expected.insert(version);
      ASSERT_NO_FATAL_FAILURE(
          expect_same_searches(buffer, expected, {random_key(random), random.below(500)}));
    }
    ASSERT_NO_FATAL_FAILURE(expect_same_walks(buffer, expected));
  }
}

TEST(WriteBuffer, AnswersAsASortedSetDoesWhatIsInsertedInOrder) {
  OpenDatabase database;
  Random random(2);
  Buffer buffer(database);
  Versions expected;
  uint64_t sequence = 0;
  // Batches of neighbours, into gaps that earlier ones left.
  for (int batch = 0; batch < 300; ++batch) {
    const uint64_t start = random.below(1'000);
    for (uint64_t i = 0; i < 10; ++i) {
      Version version{"", ++sequence};
      append_u64(version.key, 7);
      append_u64(version.key, start + i);
      ASSERT_TRUE(buffer.insert(version));
      expected.insert(version);
    }
  }
  ASSERT_NO_FATAL_FAILURE(expect_same_walks(buffer, expected));
  for (const Version& version : expected) {
    ASSERT_NO_FATAL_FAILURE(expect_same_searches(buffer, expected, version));
  }
}

TEST(WriteBuffer, AnEmptyOneHasNoPlaces) {
  OpenDatabase database;
  Buffer buffer(database);
  ASSERT_NO_FATAL_FAILURE(expect_same_walks(buffer, {}));
  ASSERT_NO_FATAL_FAILURE(expect_same_searches(buffer, {}, {"key", 1}));
  EXPECT_EQ(buffer.estimate({"", 0}, {"\xff", 0}), 0);
  const auto iterator = buffer.iterator();
  iterator->RandomSeek();
  EXPECT_FALSE(iterator->Valid());
}

TEST(WriteBuffer, TellsOfADuplicateAndLeavesItOut) {
  OpenDatabase database;
  Random random(3);
  Buffer buffer(database);
  Versions expected;
  for (int i = 0; i < 3'000; ++i) {
    const Version version{random_key(random), random.below(20)};
    ASSERT_EQ(buffer.insert(version), expected.insert(version).second);
    ASSERT_FALSE(buffer.insert(version));
    ASSERT_FALSE(buffer.insert(version, kDeletion));
  }
  ASSERT_NO_FATAL_FAILURE(expect_same_walks(buffer, expected));
}

// Odd sizes from the same memory, as by others that share it.
TEST(WriteBuffer, AlignsItsNodes) {
  OpenDatabase database;
  class Odd final : public MemTableRep {
   public:
    using MemTableRep::MemTableRep;
    void Insert(rocksdb::KeyHandle /*handle*/) override {}
    [[nodiscard]] bool Contains(const char* /*entry*/) const override { return false; }
    size_t ApproximateMemoryUsage() override { return 0; }
    Iterator* GetIterator(rocksdb::Arena* /*arena*/) override { return nullptr; }
  } odd(database.factory().allocator());
  Buffer buffer(database);
  Versions expected;
  for (uint64_t sequence = 1; sequence <= 200; ++sequence) {
    char* memory = nullptr;
    odd.Allocate(1 + sequence % 5, &memory);
    const Version version{std::to_string(sequence), sequence};
    ASSERT_TRUE(buffer.insert(version));
    expected.insert(version);
  }
  ASSERT_NO_FATAL_FAILURE(expect_same_walks(buffer, expected));
}

TEST(WriteBuffer, EstimatesHowManyEntriesAreBetweenTwoKeys) {
  OpenDatabase database;
  Random random(4);
  Buffer buffer(database);
  constexpr uint64_t kEntries = 100'000;
  const auto version_number = [](uint64_t number) {
    Version version{"", 1};
    append_u64(version.key, 1);
    append_u64(version.key, number);
    return version;
  };
  // An odd factor modulo a power of two meets every number once, in no order.
  for (uint64_t i = 0; i < 1U << 17; ++i) {
    const uint64_t number = i * 51'749 % (1U << 17);
    if (number < kEntries) {
      ASSERT_TRUE(buffer.insert(version_number(number)));
    }
  }
  for (int i = 0; i < 300; ++i) {
    const uint64_t from = random.below(kEntries);
    const uint64_t count = 1 + random.below(1 + ((kEntries - from) >> random.below(16)));
    const auto estimate =
        static_cast<double>(buffer.estimate(version_number(from), version_number(from + count)));
    const double tolerance = count < 64 ? 0 : 0.5 * static_cast<double>(count);
    EXPECT_NEAR(estimate, static_cast<double>(count), tolerance);
    EXPECT_EQ(buffer.estimate(version_number(from + count), version_number(from)), 0);
  }
}

TEST(WriteBuffer, SamplesItsEntries) {
  OpenDatabase database;
  Buffer buffer(database);
  constexpr uint64_t kEntries = 10'000;
  for (uint64_t i = 1; i <= kEntries; ++i) ASSERT_TRUE(buffer.insert({std::to_string(i), i}));
  std::unordered_set<const char*> sample;
  buffer->UniqueRandomSample(kEntries, 500, &sample);
  EXPECT_EQ(sample.size(), 500);
  uint64_t of_the_older_half = 0;
  for (const char* entry : sample) of_the_older_half += version_of(entry).sequence <= kEntries / 2;
  EXPECT_NEAR(static_cast<double>(of_the_older_half), 250, 100);

  const auto iterator = buffer.iterator();
  std::set<Version> places;
  for (int i = 0; i < 100; ++i) {
    iterator->RandomSeek();
    ASSERT_TRUE(iterator->Valid());
    places.insert(*at(*iterator));
  }
  EXPECT_GT(places.size(), 50);
}

// Number `i` of what the writer inserts: by turns one in order and one in no order.
Version version_number(uint64_t i) {
  Version version{"", i + 1};
  append_u64(version.key, i % 2);
  append_u64(version.key, i % 2 == 0 ? i : i * 0x9e3779b97f4a7c15);
  return version;
}

void expect_all_below(Buffer& buffer, uint64_t inserted, Random& random) {
  for (int i = 0; i < 20; ++i) {
    const Version version = version_number(random.below(inserted));
    ASSERT_TRUE(buffer.contains(version));
    const auto iterator = buffer.iterator();
    iterator->Seek(internal_key(version), nullptr);
    ASSERT_EQ(at(*iterator), version);
    iterator->SeekForPrev(internal_key(version), nullptr);
    ASSERT_EQ(at(*iterator), version);
  }
  const auto iterator = buffer.iterator();
  uint64_t seen = 0;
  std::optional<Version> last;
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    const Version version = *at(*iterator);
    ASSERT_TRUE(!last || *last < version);
    ASSERT_EQ(version, version_number(version.sequence - 1));
    seen += version.sequence <= inserted;
    last = version;
  }
  ASSERT_EQ(seen, inserted);
  buffer.estimate(version_number(random.below(inserted)), {"\xff", 1});
  iterator->RandomSeek();
  ASSERT_TRUE(iterator->Valid());
  iterator->SeekToLast();
  for (int i = 0; i < 50 && iterator->Valid(); ++i) {
    const Version version = *at(*iterator);
    iterator->Prev();
    ASSERT_TRUE(!iterator->Valid() || *at(*iterator) < version);
  }
}

TEST(WriteBuffer, ReadersSeeAllThatWasInsertedBeforeTheyLooked) {
  OpenDatabase database;
  Buffer buffer(database);
  constexpr uint64_t kEntries = 20'000;
  // What is inserted after a look at the number is seen by some, too, and whole.
  std::atomic<uint64_t> inserted = 0;
  std::atomic<uint64_t> looks = 0;
  std::vector<std::thread> readers;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    readers.emplace_back([&, seed] {
      Random random(seed);
      uint64_t seen = 0;
      while (seen < kEntries && !testing::Test::HasFatalFailure()) {
        seen = inserted.load(std::memory_order_acquire);
        if (seen > 0) expect_all_below(buffer, seen, random);
        ++looks;
      }
    });
  }
  for (uint64_t i = 0; i < kEntries; ++i) {
    EXPECT_TRUE(buffer.insert(version_number(i)));
    inserted.store(i + 1, std::memory_order_release);
    // Everybody looks some times, whatever the machine gives to whom.
    while (looks < i / 1'000 && !testing::Test::HasFatalFailure()) std::this_thread::yield();
  }
  for (std::thread& reader : readers) reader.join();
}

// All versions of an item lie side by side, so the readers are where the writer is.
TEST(WriteBuffer, ReadersSeeAllVersionsOfWhatIsOverwritten) {
  OpenDatabase database;
  Buffer buffer(database);
  constexpr uint64_t kVersions = 100'000;
  ASSERT_TRUE(buffer.insert({"item", 1}));
  std::atomic<uint64_t> inserted = 1;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      const auto iterator = buffer.iterator();
      uint64_t seen = 0;
      while (seen < kVersions) {
        seen = inserted.load(std::memory_order_acquire);
        ASSERT_TRUE(buffer.contains({"item", 1}));
        iterator->Seek(internal_key({"item", kVersions + 1}), nullptr);
        ASSERT_TRUE(iterator->Valid());
        uint64_t sequence = at(*iterator)->sequence;
        ASSERT_GE(sequence, seen);
        while (sequence > 1 && sequence + 3 > seen) {
          iterator->Next();
          ASSERT_TRUE(iterator->Valid());
          ASSERT_EQ(at(*iterator)->sequence, --sequence);
        }
      }
    });
  }
  for (uint64_t i = 2; i <= kVersions; ++i) {
    EXPECT_TRUE(buffer.insert({"item", i}));
    inserted.store(i, std::memory_order_release);
  }
  for (std::thread& reader : readers) reader.join();
}

// What was put when, to be asked for any moment.
class History {
 public:
  void put(const Bytes& key, uint64_t sequence, std::optional<Bytes> value) {
    changes_[{key, sequence}] = std::move(value);
  }
  [[nodiscard]] std::optional<Bytes> get(const Bytes& key, uint64_t sequence) const {
    const auto found = changes_.lower_bound({key, sequence});
    return found == changes_.end() || found->first.key != key ? std::nullopt : found->second;
  }
  [[nodiscard]] std::map<Bytes, Bytes> all(uint64_t sequence) const {
    std::map<Bytes, Bytes> all;
    for (const auto& [version, ignored] : changes_) {
      if (const auto value = get(version.key, sequence)) all[version.key] = *value;
    }
    return all;
  }

 private:
  std::map<Version, std::optional<Bytes>> changes_;
};

// Null is now.
uint64_t sequence_of(const rocksdb::Snapshot* snapshot) {
  return snapshot == nullptr ? UINT64_MAX : snapshot->GetSequenceNumber();
}

void expect_same_as(const History& history, OpenDatabase& database,
                    const rocksdb::Snapshot* snapshot) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  const auto expected = history.all(sequence_of(snapshot));
  const std::unique_ptr<rocksdb::Iterator> iterator(database->NewIterator(options));
  auto place = expected.begin();
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next(), ++place) {
    ASSERT_NE(place, expected.end());
    ASSERT_EQ(iterator->key().ToString(), place->first);
    ASSERT_EQ(iterator->value().ToString(), place->second);
  }
  ASSERT_EQ(place, expected.end());
  for (iterator->SeekToLast(); iterator->Valid(); iterator->Prev()) {
    ASSERT_NE(place, expected.begin());
    ASSERT_EQ(iterator->key().ToString(), (--place)->first);
  }
  ASSERT_EQ(place, expected.begin());
}

// Beyond 200 bytes RocksDB keeps what it looks up elsewhere.
Bytes random_database_key(Random& random) {
  return random_key(random) + Bytes(random.below(4) == 0 ? 300 : 0, 'x');
}

void run_against_history(OpenDatabase& database, uint64_t seed, size_t snapshot_count) {
  constexpr size_t kChanges = 3'000;
  Random random(seed);
  History history;
  std::vector<const rocksdb::Snapshot*> snapshots = {nullptr};
  for (size_t i = 0; i < kChanges; ++i) {
    const Bytes key = random_database_key(random);
    const uint64_t sequence = database->GetLatestSequenceNumber() + 1;
    if (random.below(3) == 0) {
      ASSERT_TRUE(database->Delete(rocksdb::WriteOptions(), key).ok());
      history.put(key, sequence, std::nullopt);
    } else {
      const Bytes value = random.bytes(random.below(100));
      ASSERT_TRUE(database->Put(rocksdb::WriteOptions(), key, value).ok());
      history.put(key, sequence, value);
    }
    if ((i + 1) * snapshot_count / kChanges >= snapshots.size()) {
      snapshots.push_back(database->GetSnapshot());
    }
    const Bytes wanted = random_database_key(random);
    rocksdb::ReadOptions options;
    options.snapshot = snapshots[random.below(snapshots.size())];
    Bytes value;
    const rocksdb::Status status = database->Get(options, wanted, &value);
    ASSERT_EQ(status.ok() ? std::optional(value) : std::nullopt,
              history.get(wanted, sequence_of(options.snapshot)));
  }
  for (const rocksdb::Snapshot* snapshot : snapshots) {
    ASSERT_NO_FATAL_FAILURE(expect_same_as(history, database, snapshot));
    if (snapshot != nullptr) database->ReleaseSnapshot(snapshot);
  }
}

TEST(WriteBuffer, ServesADatabase) {
  OpenDatabase database;
  run_against_history(database, 5, 10);
}

// Without snapshots: ThreadSanitizer cannot see how RocksDB frees one while it writes a file.
TEST(WriteBuffer, ServesADatabaseThatWritesItToFiles) {
  OpenDatabase database(64U << 10);
  run_against_history(database, 6, 0);
  Bytes files;
  EXPECT_TRUE(database->GetProperty("rocksdb.total-sst-files-size", &files));
  EXPECT_GT(std::stoull(files), 0);
}

TEST(WriteBuffer, EndsTheProcessWhenTheOrderIsAnother) {
  class Reversed final : public MemTableRep::KeyComparator {
   public:
    int operator()(const char* left, const char* right) const override {
      return (*this)(left, decode_key(right));
    }
    int operator()(const char* left, const rocksdb::Slice& right) const override {
      return right.compare(decode_key(left));
    }
  };
  EXPECT_DEATH(write_buffer_factory()->CreateMemTableRep(Reversed(), nullptr, nullptr, nullptr),
               "comparator");
}

}  // namespace
}  // namespace millrace::engine
