// DynamoDB's number: an exact decimal of up to 38 significant digits, magnitude 1E-130 to
// 9.9999999999999999999999999999999999999E+125, or zero (Developer Guide, "Data types: Number").
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace millrace {

// Always normalised: 1, 1.0 and 10E-1 are one value with one encoding. Zero has no sign.
class Number {
 public:
  static constexpr int kDigitsMax = 38;
  static constexpr int kExponentMax = 125;   // of the leading digit
  static constexpr int kExponentMin = -130;  // of the leading digit

  Number() = default;
  static Number from_integer(int64_t value);
  // Decimal text with an optional sign, fraction and exponent. ValidationException with the
  // service's message for anything else and for what does not fit.
  static Result<Number> parse(std::string_view text);

  // Plain decimal notation, never an exponent: up to 168 characters.
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] bool is_zero() const { return coefficient_ == 0; }
  [[nodiscard]] bool is_negative() const { return negative_; }
  // Bytes it counts for in an item: one, plus one for two digits, plus one for a sign.
  [[nodiscard]] size_t size_bytes() const;

  // Exact. ValidationException, with one message, when the result's magnitude leaves the range and
  // when it has more than 38 significant digits.
  static Result<Number> add(const Number& left, const Number& right);
  static Result<Number> subtract(const Number& left, const Number& right);

  // A self-delimiting encoding whose byte order is numeric order; 1 to 22 bytes
  // (docs/formats/items.md).
  void encode(Bytes& out) const;
  // Reads what encode() wrote. nullopt when the input is not that.
  static std::optional<Number> decode(ByteReader& reader);

  friend std::strong_ordering operator<=>(const Number& left, const Number& right);
  friend bool operator==(const Number& left, const Number& right) {
    return left.negative_ == right.negative_ && left.exponent_ == right.exponent_ &&
           left.coefficient_ == right.coefficient_;
  }

 private:
  __extension__ using Coefficient = unsigned __int128;

  static Result<Number> make(bool negative, Coefficient coefficient, int exponent);
  [[nodiscard]] std::string digits() const;
  [[nodiscard]] int leading_exponent() const;

  // (negative ? -1 : 1) * coefficient_ * 10^exponent_; the last digit of coefficient_ is not 0.
  bool negative_ = false;
  int16_t exponent_ = 0;
  Coefficient coefficient_ = 0;
};

}  // namespace millrace
