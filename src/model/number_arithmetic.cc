// Addition of decimals whose aligned sum can need far more than 128 bits.
#include <algorithm>
#include <array>

#include "model/number.h"

namespace millrace {
namespace {

// One digit a byte, least significant first, of a window that starts at 10^lowest.
constexpr int kWindowDigits = Number::kExponentMax - Number::kExponentMin + Number::kDigitsMax + 2;
using Digits = std::array<int8_t, kWindowDigits>;

void place(Digits& digits, std::string_view text, int at) {
  for (size_t i = 0; i < text.size(); ++i) {
    digits.at(static_cast<size_t>(at) + text.size() - 1 - i) = static_cast<int8_t>(text[i] - '0');
  }
}

// larger ± smaller, digit by digit; the result is never negative because |larger| >= |smaller|.
void combine(Digits& larger, const Digits& smaller, bool subtract) {
  int carry = 0;
  for (size_t i = 0; i < larger.size(); ++i) {
    int digit = larger[i] + (subtract ? -smaller[i] : smaller[i]) + carry;
    carry = digit < 0 ? -1 : digit / 10;
    larger[i] = static_cast<int8_t>(digit - carry * 10);
  }
}

}  // namespace

Result<Number> Number::add(const Number& left, const Number& right) {
  if (left.is_zero()) return right;
  if (right.is_zero()) return left;
  Number left_magnitude = left;
  Number right_magnitude = right;
  left_magnitude.negative_ = right_magnitude.negative_ = false;
  const bool left_is_larger = left_magnitude >= right_magnitude;
  const Number& larger = left_is_larger ? left : right;
  const Number& smaller = left_is_larger ? right : left;

  const int lowest = std::min(larger.exponent_, smaller.exponent_);
  if (larger.leading_exponent() - lowest < kDigitsMax - 1) {
    // Aligned, both are below 10^37, and so is their sum below 10^38.
    const auto aligned = [&](const Number& number) {
      Coefficient coefficient = number.coefficient_;
      for (int exponent = number.exponent_; exponent > lowest; --exponent) coefficient *= 10;
      return coefficient;
    };
    const Coefficient one = aligned(larger);
    const Coefficient other = aligned(smaller);
    return make(larger.negative_, larger.negative_ == smaller.negative_ ? one + other : one - other,
                lowest);
  }
  Digits sum{};
  Digits addend{};
  place(sum, larger.digits(), larger.exponent_ - lowest);
  place(addend, smaller.digits(), smaller.exponent_ - lowest);
  combine(sum, addend, larger.negative_ != smaller.negative_);

  int highest = kWindowDigits - 1;
  while (highest >= 0 && sum.at(static_cast<size_t>(highest)) == 0) --highest;
  if (highest < 0) return Number();
  const int last = std::max(0, highest - kDigitsMax + 1);
  Coefficient coefficient = 0;
  for (int i = highest; i >= last; --i) {
    coefficient = coefficient * 10 + static_cast<unsigned>(sum.at(static_cast<size_t>(i)));
  }
  const bool exact = std::all_of(sum.begin(), sum.begin() + last, [](int d) { return d == 0; });
  if (!exact) {
    return validation_error(
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
  }
  return make(larger.negative_, coefficient, lowest + last);
}

}  // namespace millrace
