// An ordered map whose copy is a snapshot and costs one pointer: a treap that copies the path it
// changes. So a scan sees one moment and holds no lock while its visitor runs.
#pragma once

#include <memory>

#include "engine/engine.h"

namespace millrace::engine {

// As thread-safe as a std::shared_ptr: distinct copies may be used by distinct threads.
class SnapshotMap {
 public:
  void put(Bytes key, Bytes value);
  void erase(ByteView key);
  void erase_below(ByteView key);
  // from <= key < to; none when to <= from.
  void erase_range(ByteView from, ByteView to);
  void clear() { root_ = nullptr; }

  // The value lives as long as some copy of the map that holds it.
  [[nodiscard]] const Bytes* find(ByteView key) const;
  void scan(const KeyRange& range, Direction direction, const ScanVisitor& visit) const;

 private:
  struct Node;
  using Link = std::shared_ptr<const Node>;
  struct Entry;
  struct Halves {
    Link left;
    Link right;
  };

  enum class EqualKey { kLeft, kRight };

  static Halves split(const Link& node, ByteView key, EqualKey equal_key);
  static Link join(const Link& left, const Link& right);
  static bool scan_from(const Node* node, const KeyRange& range, Direction direction,
                        const ScanVisitor& visit);

  Link root_;
};

}  // namespace millrace::engine
