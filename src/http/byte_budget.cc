#include "http/byte_budget.h"

namespace millrace::http {

ByteBudget::Charge& ByteBudget::Charge::operator=(Charge&& other) noexcept {
  if (this != &other) {
    release();
    budget_ = other.budget_;
    bytes_ = std::exchange(other.bytes_, 0);
  }
  return *this;
}

bool ByteBudget::Charge::grow_to(size_t bytes) {
  if (bytes <= bytes_) return true;
  const size_t more = bytes - bytes_;
  const size_t before = budget_->bytes_in_use_.fetch_add(more, std::memory_order_relaxed);
  if (before > budget_->bytes_max_ || more > budget_->bytes_max_ - before) {
    budget_->bytes_in_use_.fetch_sub(more, std::memory_order_relaxed);
    return false;
  }
  bytes_ = bytes;
  return true;
}

void ByteBudget::Charge::force(size_t bytes) {
  budget_->bytes_in_use_.fetch_add(bytes, std::memory_order_relaxed);
  bytes_ += bytes;
}

void ByteBudget::Charge::release() {
  if (bytes_ == 0) return;
  budget_->bytes_in_use_.fetch_sub(bytes_, std::memory_order_relaxed);
  bytes_ = 0;
}

}  // namespace millrace::http
