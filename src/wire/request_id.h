#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "base/random.h"

namespace millrace::wire {

// 52 characters of A-Z and 0-9, as the service's own.
class RequestId {
 public:
  explicit RequestId(const std::array<char, 52>& text) : text_(text) {}

  [[nodiscard]] std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 52> text_;
};

// Makes ids, none of them twice. Thread-safe, without a lock: every request needs one.
class RequestIds {
 public:
  explicit RequestIds(Random& random);

  [[nodiscard]] RequestId next();

 private:
  const std::array<uint64_t, 4> seeds_;
  std::atomic<uint64_t> count_ = 0;
};

}  // namespace millrace::wire
