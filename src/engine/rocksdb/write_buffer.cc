#include "engine/rocksdb/write_buffer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstring>
#include <endian.h>
#include <new>
#include <utility>

#include <rocksdb/version.h>

#include "base/bytes.h"
#include "base/check.h"

// Below is used what RocksDB's installed headers name and do not define: one function of its arena,
// without which the link fails, and the first field of a LookupKey.
static_assert(ROCKSDB_MAJOR == 7 && ROCKSDB_MINOR == 8,
              "look at db/lookup_key.h and memory/arena.h");

namespace rocksdb {

class Arena {
 public:
  char* AllocateAligned(size_t bytes, size_t huge_page_bytes, Logger* logger);  // NOLINT: its name
};

}  // namespace rocksdb

namespace millrace::engine {
namespace {

constexpr int kMaxHeight = 12;
// One node in four of a level is in the next one, too.
constexpr int kBranchingBits = 2;
// A level with as many nodes stands for all of them: an estimate by it is right within an eighth or
// so.
constexpr uint64_t kCountedNodes = 64;
constexpr size_t kTrailerBytes = 8;

// The first bytes of a user key, as if zeros followed a shorter one. Keys are in the order of their
// prefixes; what the order is within one prefix, only the keys tell.
struct Prefix {
  uint64_t high;  // the partition
  uint64_t low;
};

// An internal key: ascending by user key, of one user key the newest version first. What kind of a
// change it is, which the trailer's lowest byte says, has no part in the order.
struct Key {
  Prefix prefix;
  ByteView user_key;
  uint64_t version;
};

Prefix prefix_of(ByteView user_key) {
  std::array<uint64_t, 2> words = {};
  std::memcpy(words.data(), user_key.data(), std::min(user_key.size(), sizeof(words)));
  return {be64toh(words[0]), be64toh(words[1])};
}

Key parse_key(const rocksdb::Slice& internal_key) {
  const size_t user_key_bytes = internal_key.size() - kTrailerBytes;
  uint64_t trailer = 0;
  std::memcpy(&trailer, internal_key.data() + user_key_bytes, sizeof(trailer));
  const ByteView user_key(internal_key.data(), user_key_bytes);
  return {prefix_of(user_key), user_key, le64toh(trailer) >> 8U};
}

// In memory a node is its links, the highest level first, then this, then the entry as RocksDB
// wrote it: the internal key and the value, each after its length.
struct Node {
  Prefix prefix;  // until the node is inserted `high` is its height

  [[nodiscard]] char* entry() { return reinterpret_cast<char*>(this + 1); }
  [[nodiscard]] Key key() { return parse_key(rocksdb::GetLengthPrefixedSlice(entry())); }
  [[nodiscard]] std::atomic<Node*>& link(int level) {
    return *(reinterpret_cast<std::atomic<Node*>*>(this) - 1 - level);
  }
  // Whoever gets a node so sees all of it.
  [[nodiscard]] Node* next(int level) { return link(level).load(std::memory_order_acquire); }
};

int compare_within_prefix(Node& node, const Key& key) {
  const Key own = node.key();
  if (const int order = own.user_key.compare(key.user_key); order != 0) return order;
  if (own.version == key.version) return 0;
  return own.version > key.version ? -1 : 1;
}

int compare(Node& node, const Key& key) {
  if (node.prefix.high != key.prefix.high) return node.prefix.high < key.prefix.high ? -1 : 1;
  if (node.prefix.low != key.prefix.low) return node.prefix.low < key.prefix.low ? -1 : 1;
  return compare_within_prefix(node, key);
}

// Xorshift: what the heights are matters to nobody, only how often each is.
class Dice {
 public:
  uint64_t roll() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  uint64_t state_ = 0x9e3779b97f4a7c15;
};

// Neighbours on the lowest level: `before` may be the head, `after` null.
struct Gap {
  Node* before;
  Node* after;
};

class WriteBuffer final : public rocksdb::MemTableRep {
 public:
  explicit WriteBuffer(rocksdb::Allocator* allocator)
      : MemTableRep(allocator), head_(make_node(kMaxHeight, 0)) {
    path_.fill(head_);
  }

  rocksdb::KeyHandle Allocate(size_t bytes, char** entry) override;
  void Insert(rocksdb::KeyHandle handle) override { MILLRACE_CHECK(InsertKey(handle)); }
  bool InsertKey(rocksdb::KeyHandle handle) override;

  bool Contains(const char* entry) const override;
  void Get(const rocksdb::LookupKey& lookup, void* argument,
           bool (*visit)(void* argument, const char* entry)) override;
  Iterator* GetIterator(rocksdb::Arena* arena) override;
  uint64_t ApproximateNumEntries(const rocksdb::Slice& from, const rocksdb::Slice& to) override;
  void UniqueRandomSample(uint64_t entry_count, uint64_t sample_size,
                          std::unordered_set<const char*>* sample) override;
  size_t ApproximateMemoryUsage() override { return 0; }

 private:
  class Position;

  Node* make_node(int height, size_t entry_bytes);
  bool is_next_to_last_inserted(const Key& key) const;
  // Between the nodes that are `before` and the others. `path` gets the last of the former on each
  // level, unless it is null.
  template <typename Before>
  Gap find(Before before, Node** path = nullptr) const;
  Gap find(const Key& key, Node** path = nullptr) const;
  Node* random_node(Dice& dice) const;

  Dice dice_;
  Node* head_;                   // has no entry, and is before all
  std::atomic<int> height_ = 1;  // of the highest node

  // Of the thread that inserts: on each level the last node that is not after the last inserted
  // one, which is that of level 0.
  std::array<Node*, kMaxHeight> path_;
};

// Of a reader, somewhere in the buffer.
class WriteBuffer::Position final : public Iterator {
 public:
  explicit Position(const WriteBuffer& buffer) : buffer_(buffer) {}

  bool Valid() const override { return node_ != nullptr; }
  const char* key() const override { return node_->entry(); }
  void Next() override { node_ = node_->next(0); }
  void Prev() override { stand_before(buffer_.find(node_->key())); }
  void Seek(const rocksdb::Slice& key, const char* /*entry*/) override {
    node_ = buffer_.find(parse_key(key)).after;
  }
  void SeekForPrev(const rocksdb::Slice& key, const char* /*entry*/) override {
    const Key last = parse_key(key);
    stand_before(buffer_.find([&](Node& node) { return compare(node, last) <= 0; }));
  }
  void RandomSeek() override { node_ = buffer_.random_node(dice_); }
  void SeekToFirst() override { node_ = buffer_.head_->next(0); }
  void SeekToLast() override {
    stand_before(buffer_.find([](Node& /*node*/) { return true; }));
  }

 private:
  void stand_before(const Gap& gap) { node_ = gap.before == buffer_.head_ ? nullptr : gap.before; }

  const WriteBuffer& buffer_;
  Node* node_ = nullptr;
  Dice dice_;
};

Node* WriteBuffer::make_node(int height, size_t entry_bytes) {
  constexpr size_t kAlignment = alignof(Node);
  const size_t links_bytes = static_cast<size_t>(height) * sizeof(std::atomic<Node*>);
  const size_t used_bytes = links_bytes + sizeof(Node) + entry_bytes;
  const size_t bytes = (used_bytes + kAlignment - 1) / kAlignment * kAlignment;
  char* memory = nullptr;
  MemTableRep::Allocate(bytes, &memory);
  // Only where others share the allocator and ask it for odd sizes.
  if (reinterpret_cast<uintptr_t>(memory) % kAlignment != 0) {
    MemTableRep::Allocate(bytes + kAlignment, &memory);
    memory += kAlignment - reinterpret_cast<uintptr_t>(memory) % kAlignment;
  }
  Node* node = new (memory + links_bytes) Node{};
  for (int level = 0; level < height; ++level) new (&node->link(level)) std::atomic<Node*>(nullptr);
  return node;
}

rocksdb::KeyHandle WriteBuffer::Allocate(size_t bytes, char** entry) {
  constexpr uint64_t kHighest = uint64_t{1} << (kBranchingBits * (kMaxHeight - 1));
  const int height = 1 + std::countr_zero(dice_.roll() | kHighest) / kBranchingBits;
  Node* node = make_node(height, bytes);
  node->prefix.high = static_cast<uint64_t>(height);
  *entry = node->entry();
  return node;
}

bool WriteBuffer::InsertKey(rocksdb::KeyHandle handle) {
  auto* node = static_cast<Node*>(handle);
  const int height = static_cast<int>(node->prefix.high);
  const Key key = node->key();
  node->prefix = key.prefix;
  if (!is_next_to_last_inserted(key)) {
    Node* after = find(key, path_.data()).after;
    if (after != nullptr && compare(*after, key) == 0) return false;
  }
  for (int level = 0; level < height; ++level) {
    Node* before = std::exchange(path_[level], node);
    node->link(level).store(before->next(level), std::memory_order_relaxed);
    before->link(level).store(node, std::memory_order_release);
  }
  if (height > height_.load(std::memory_order_relaxed)) {
    height_.store(height, std::memory_order_relaxed);
  }
  return true;
}

bool WriteBuffer::is_next_to_last_inserted(const Key& key) const {
  Node* last = path_[0];
  if (last != head_ && compare(*last, key) >= 0) return false;
  Node* after = last->next(0);
  return after == nullptr || compare(*after, key) > 0;
}

template <typename Before>
Gap WriteBuffer::find(Before before, Node** path) const {
  Node* at = head_;
  Node* after = nullptr;
  for (int level = height_.load(std::memory_order_relaxed) - 1; level >= 0; --level) {
    // What ended the level above ends this one, too, and is not looked at again.
    Node* next = at->next(level);
    while (next != after && before(*next)) {
      at = next;
      next = at->next(level);
    }
    after = next;
    if (path != nullptr) path[level] = at;
  }
  return {at, after};
}

Gap WriteBuffer::find(const Key& key, Node** path) const {
  return find([&](Node& node) { return compare(node, key) < 0; }, path);
}

bool WriteBuffer::Contains(const char* entry) const {
  const Key key = parse_key(rocksdb::GetLengthPrefixedSlice(entry));
  Node* found = find(key).after;
  return found != nullptr && compare(*found, key) == 0;
}

void WriteBuffer::Get(const rocksdb::LookupKey& lookup, void* argument,
                      bool (*visit)(void* argument, const char* entry)) {
  const char* entry = nullptr;
  std::memcpy(&entry, reinterpret_cast<const char*>(&lookup), sizeof(entry));
  Node* node = find(parse_key(rocksdb::GetLengthPrefixedSlice(entry))).after;
  while (node != nullptr && visit(argument, node->entry())) node = node->next(0);
}

rocksdb::MemTableRep::Iterator* WriteBuffer::GetIterator(rocksdb::Arena* arena) {
  if (arena == nullptr) return new Position(*this);
  return new (arena->AllocateAligned(sizeof(Position), 0, nullptr)) Position(*this);
}

// Counts on the highest level that has enough nodes between the two.
uint64_t WriteBuffer::ApproximateNumEntries(const rocksdb::Slice& from, const rocksdb::Slice& to) {
  const Key end = parse_key(to);
  std::array<Node*, kMaxHeight> path;
  path.fill(head_);
  find(parse_key(from), path.data());
  uint64_t count = 0;
  int level = kMaxHeight;
  do {
    --level;
    count = 0;
    for (Node* node = path[level]->next(level); node != nullptr && compare(*node, end) < 0;
         node = node->next(level)) {
      ++count;
    }
  } while (level > 0 && count < kCountedNodes);
  return count << (kBranchingBits * level);
}

void WriteBuffer::UniqueRandomSample(uint64_t entry_count, uint64_t sample_size,
                                     std::unordered_set<const char*>* sample) {
  sample_size = std::min(sample_size, entry_count);
  Dice dice;
  // Some come twice.
  for (uint64_t i = 0; i < 2 * sample_size && sample->size() < sample_size; ++i) {
    if (Node* node = random_node(dice); node != nullptr) sample->insert(node->entry());
  }
}

// Chooses on a level that has enough nodes, for few divide the buffer unevenly, and then on each
// lower one between the chosen node and its neighbour.
Node* WriteBuffer::random_node(Dice& dice) const {
  Node* at = head_;
  Node* end = nullptr;
  bool chose = false;
  for (int level = height_.load(std::memory_order_relaxed) - 1; level >= 0; --level) {
    uint64_t seen = 1;
    Node* chosen = at;
    for (Node* node = at->next(level); node != end; node = node->next(level)) {
      if (dice.roll() % ++seen == 0) chosen = node;
    }
    chose = chose || level == 0 || seen >= kCountedNodes;
    if (!chose) continue;
    at = chosen;
    end = at->next(level);
  }
  return at == head_ ? head_->next(0) : at;
}

// Ends the process unless the comparator orders entries as compare() does.
void check_order(const rocksdb::MemTableRep::KeyComparator& comparator) {
  using namespace std::string_view_literals;
  Bytes last;
  for (const ByteView user_key : {""sv, "\0"sv, "a"sv, "a\0"sv, "a\xff"sv, "b"sv, "\x80"sv}) {
    for (const ByteView trailer : {"\1\2\0\0\0\0\0\0"sv, "\1\1\0\0\0\0\0\0"sv}) {
      Bytes entry;
      append_sized(entry, Bytes(user_key) + Bytes(trailer));
      MILLRACE_CHECK(last.empty() || comparator(last.data(), entry.data()) < 0);
      last = std::move(entry);
    }
  }
}

class WriteBufferFactory final : public rocksdb::MemTableRepFactory {
 public:
  const char* Name() const override { return "millrace.WriteBuffer"; }
  bool CanHandleDuplicatedKey() const override { return true; }
  using MemTableRepFactory::CreateMemTableRep;
  rocksdb::MemTableRep* CreateMemTableRep(const rocksdb::MemTableRep::KeyComparator& comparator,
                                          rocksdb::Allocator* allocator,
                                          const rocksdb::SliceTransform* /*prefix_extractor*/,
                                          rocksdb::Logger* /*logger*/) override {
    check_order(comparator);
    return new WriteBuffer(allocator);
  }
};

}  // namespace

std::shared_ptr<rocksdb::MemTableRepFactory> write_buffer_factory() {
  return std::make_shared<WriteBufferFactory>();
}

}  // namespace millrace::engine
