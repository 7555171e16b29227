// The memory that all bodies in flight may take together.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace millrace::http {

// Thread-safe. Must outlive its charges.
class ByteBudget {
 public:
  explicit ByteBudget(size_t bytes_max) : bytes_max_(bytes_max) {}

  // What one owner holds of the budget; given back on destruction. Not thread-safe.
  class Charge {
   public:
    Charge() = default;
    explicit Charge(ByteBudget& budget) : budget_(&budget) {}
    Charge(Charge&& other) noexcept
        : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
    Charge& operator=(Charge&& other) noexcept;
    ~Charge() { release(); }

    // Makes the charge at least `bytes`. False, and nothing changed, when the budget has not that
    // much left.
    [[nodiscard]] bool grow_to(size_t bytes);
    // Adds to the charge even beyond the budget: for memory that is already taken.
    void force(size_t bytes);
    void release();
    [[nodiscard]] size_t bytes() const { return bytes_; }

   private:
    ByteBudget* budget_ = nullptr;
    size_t bytes_ = 0;
  };

 private:
  const size_t bytes_max_;
  std::atomic<size_t> bytes_in_use_ = 0;
};

}  // namespace millrace::http
