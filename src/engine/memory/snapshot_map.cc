#include "engine/memory/snapshot_map.h"

#include <functional>

namespace millrace::engine {

struct SnapshotMap::Entry {
  Bytes key;
  Bytes value;
  uint64_t priority;
};

// Ordered by key from left to right, by priority from the root down.
struct SnapshotMap::Node {
  std::shared_ptr<const Entry> entry;
  Link left;
  Link right;
};

namespace {

// The shape must look random, and depends on the keys alone so that runs repeat. The mixing is
// that of SplitMix64.
uint64_t priority_of(ByteView key) {
  uint64_t mixed = std::hash<ByteView>{}(key) + 0x9E3779B97F4A7C15;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
  return mixed ^ (mixed >> 31);
}

}  // namespace

SnapshotMap::Halves SnapshotMap::split(const Link& node, ByteView key, EqualKey equal_key) {
  if (node == nullptr) return {};
  const int order = ByteView(node->entry->key).compare(key);
  if (order < 0 || (order == 0 && equal_key == EqualKey::kLeft)) {
    auto [left, right] = split(node->right, key, equal_key);
    return {std::make_shared<Node>(Node{node->entry, node->left, std::move(left)}),
            std::move(right)};
  }
  auto [left, right] = split(node->left, key, equal_key);
  return {std::move(left),
          std::make_shared<Node>(Node{node->entry, std::move(right), node->right})};
}

SnapshotMap::Link SnapshotMap::join(const Link& left, const Link& right) {
  if (left == nullptr) return right;
  if (right == nullptr) return left;
  if (left->entry->priority >= right->entry->priority) {
    return std::make_shared<Node>(Node{left->entry, left->left, join(left->right, right)});
  }
  return std::make_shared<Node>(Node{right->entry, join(left, right->left), right->right});
}

void SnapshotMap::put(Bytes key, Bytes value) {
  const Link less = split(root_, key, EqualKey::kRight).left;
  const Link greater = split(root_, key, EqualKey::kLeft).right;
  const uint64_t priority = priority_of(key);
  auto entry = std::make_shared<Entry>(Entry{std::move(key), std::move(value), priority});
  const Link middle = std::make_shared<Node>(Node{std::move(entry), nullptr, nullptr});
  root_ = join(join(less, middle), greater);
}

void SnapshotMap::erase(ByteView key) {
  if (find(key) == nullptr) return;
  root_ = join(split(root_, key, EqualKey::kRight).left, split(root_, key, EqualKey::kLeft).right);
}

void SnapshotMap::erase_below(ByteView key) {
  root_ = split(root_, key, EqualKey::kRight).right;
}

void SnapshotMap::erase_range(ByteView from, ByteView to) {
  if (to <= from) return;
  root_ = join(split(root_, from, EqualKey::kRight).left, split(root_, to, EqualKey::kRight).right);
}

const Bytes* SnapshotMap::find(ByteView key) const {
  const Node* node = root_.get();
  while (node != nullptr) {
    const int order = ByteView(node->entry->key).compare(key);
    if (order == 0) return &node->entry->value;
    node = order < 0 ? node->right.get() : node->left.get();
  }
  return nullptr;
}

void SnapshotMap::scan(const KeyRange& range, Direction direction, const ScanVisitor& visit) const {
  const Link pinned = root_;
  scan_from(pinned.get(), range, direction, visit);
}

// False when the visitor stopped the scan.
bool SnapshotMap::scan_from(const Node* node, const KeyRange& range, Direction direction,
                            const ScanVisitor& visit) {
  if (node == nullptr) return true;
  const Entry& entry = *node->entry;
  const bool above_from = entry.key >= range.from;
  const bool below_to = !range.to || entry.key < *range.to;
  const bool forward = direction == Direction::kForward;
  const Node* before = forward ? node->left.get() : node->right.get();
  const Node* after = forward ? node->right.get() : node->left.get();
  if ((forward ? above_from : below_to) && !scan_from(before, range, direction, visit)) {
    return false;
  }
  if (above_from && below_to && !visit(entry.key, entry.value)) return false;
  return !(forward ? below_to : above_from) || scan_from(after, range, direction, visit);
}

}  // namespace millrace::engine
