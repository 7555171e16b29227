#include "model/number.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace millrace {
namespace {

constexpr uint8_t kNegativeMark = 0x7E;
constexpr uint8_t kZeroMark = 0x80;
constexpr uint8_t kPositiveMark = 0x82;

Error overflow() {
  return validation_error(
      "Number overflow. Attempting to store a number with magnitude larger than supported range");
}
Error underflow() {
  return validation_error(
      "Number underflow. Attempting to store a number with magnitude smaller than supported range");
}

__extension__ typedef unsigned __int128 Uint128;

constexpr auto kPowersOfTen = [] {
  std::array<Uint128, 39> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

int digit_count(Uint128 value) {
  auto above = std::upper_bound(kPowersOfTen.begin(), kPowersOfTen.end(), value);
  return static_cast<int>(above - kPowersOfTen.begin());
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

Number Number::from_integer(int64_t value) {
  const bool negative = value < 0;
  auto magnitude = static_cast<uint64_t>(value);
  if (negative) magnitude = ~magnitude + 1;
  return make(negative, magnitude, 0).value();
}

Result<Number> Number::make(bool negative, Coefficient coefficient, int exponent) {
  Number number;
  if (coefficient == 0) return number;
  while (coefficient % 10 == 0) {
    coefficient /= 10;
    ++exponent;
  }
  const int leading = exponent + digit_count(coefficient) - 1;
  if (leading > kExponentMax) return overflow();
  if (leading < kExponentMin) return underflow();
  number.negative_ = negative;
  number.coefficient_ = coefficient;
  number.exponent_ = static_cast<int16_t>(exponent);
  return number;
}

Result<Number> Number::parse(std::string_view text) {
  auto invalid = [&] {
    return validation_error("The parameter cannot be converted to a numeric value: " +
                            std::string(text));
  };
  if (text.empty()) {
    return validation_error("The parameter cannot be converted to a numeric value");
  }
  size_t at = 0;
  const bool negative = text[0] == '-';
  if (text[0] == '-' || text[0] == '+') ++at;

  Coefficient coefficient = 0;
  int significant = 0;    // digits taken into the coefficient
  int pending_zeros = 0;  // zeros that count only if another digit follows
  int64_t exponent = 0;
  bool any_digit = false;
  bool in_fraction = false;
  bool too_precise = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && !in_fraction) {
      in_fraction = true;
      continue;
    }
    if (!is_digit(c)) break;
    any_digit = true;
    if (in_fraction) --exponent;
    if (c == '0') {
      if (significant > 0) ++pending_zeros;
      continue;
    }
    const int grown = significant + pending_zeros + 1;
    if (significant > 0 && grown > kDigitsMax) {
      too_precise = true;
      pending_zeros = 0;
      continue;
    }
    coefficient = coefficient * kPowersOfTen.at(static_cast<size_t>(pending_zeros + 1)) +
                  static_cast<unsigned>(c - '0');
    significant = significant == 0 ? 1 : grown;
    pending_zeros = 0;
  }
  if (!any_digit) return invalid();
  exponent += pending_zeros;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool negative_exponent = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    if (at == text.size()) return invalid();
    int64_t written = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      written = std::min<int64_t>(written * 10 + (text[at] - '0'), 1'000'000'000);
    }
    exponent += negative_exponent ? -written : written;
  }
  if (at != text.size()) return invalid();
  if (coefficient == 0) return Number();
  if (too_precise) {
    return validation_error("Attempting to store more than 38 significant digits in a Number");
  }
  exponent = std::clamp<int64_t>(exponent, -10'000, 10'000);
  return make(negative, coefficient, static_cast<int>(exponent));
}

std::string Number::digits() const {
  std::array<char, 40> buffer;
  size_t at = buffer.size();
  Coefficient rest = coefficient_;
  while (rest > 0) {
    buffer[--at] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  return {buffer.data() + at, buffer.size() - at};
}

int Number::leading_exponent() const {
  return exponent_ + digit_count(coefficient_) - 1;
}

std::string Number::to_string() const {
  if (is_zero()) return "0";
  std::string text = digits();
  if (exponent_ >= 0) {
    text.append(static_cast<size_t>(exponent_), '0');
  } else {
    const auto fraction = static_cast<size_t>(-exponent_);
    if (text.size() <= fraction) text.insert(0, fraction - text.size() + 1, '0');
    text.insert(text.size() - fraction, 1, '.');
  }
  if (negative_) text.insert(0, 1, '-');
  return text;
}

size_t Number::size_bytes() const {
  if (is_zero()) return 1;
  // Digits are stored in pairs aligned to even powers of ten, so an odd exponent can take one more.
  const int lowest_pair = exponent_ >= 0 ? exponent_ / 2 : (exponent_ - 1) / 2;
  const int leading = leading_exponent();
  const int highest_pair = leading >= 0 ? leading / 2 : (leading - 1) / 2;
  return static_cast<size_t>(highest_pair - lowest_pair + 1) + 1 + (negative_ ? 1 : 0);
}

std::strong_ordering operator<=>(const Number& left, const Number& right) {
  auto sign = [](const Number& n) { return n.is_zero() ? 0 : (n.negative_ ? -1 : 1); };
  if (sign(left) != sign(right)) return sign(left) <=> sign(right);
  if (left.is_zero()) return std::strong_ordering::equal;
  std::strong_ordering magnitude = left.leading_exponent() <=> right.leading_exponent();
  if (magnitude == std::strong_ordering::equal) {
    // Equal leading exponents: scale the shorter coefficient up to the longer's digits.
    const int left_digits = digit_count(left.coefficient_);
    const int right_digits = digit_count(right.coefficient_);
    auto scaled = [](const Number& n, int digits, int to) {
      return n.coefficient_ * kPowersOfTen.at(static_cast<size_t>(to - digits));
    };
    const int most = std::max(left_digits, right_digits);
    const auto a = scaled(left, left_digits, most);
    const auto b = scaled(right, right_digits, most);
    magnitude = a < b   ? std::strong_ordering::less
                : a > b ? std::strong_ordering::greater
                        : std::strong_ordering::equal;
  }
  return left.negative_ ? 0 <=> magnitude : magnitude;
}

Result<Number> Number::subtract(const Number& left, const Number& right) {
  Number negated = right;
  if (!negated.is_zero()) negated.negative_ = !negated.negative_;
  return add(left, negated);
}

void Number::encode(Bytes& out) const {
  if (is_zero()) {
    out.push_back(static_cast<char>(kZeroMark));
    return;
  }
  const uint8_t flip = negative_ ? 0xFF : 0x00;
  out.push_back(static_cast<char>(negative_ ? kNegativeMark : kPositiveMark));
  out.push_back(static_cast<char>(static_cast<uint8_t>(leading_exponent() - kExponentMin) ^ flip));
  // Pairs of digits from the leading one, each stored as 1 + its value; 0 ends the number.
  std::string text = digits();
  if (text.size() % 2 == 1) text.push_back('0');
  for (size_t i = 0; i < text.size(); i += 2) {
    const int pair = (text[i] - '0') * 10 + (text[i + 1] - '0');
    out.push_back(static_cast<char>(static_cast<uint8_t>(pair + 1) ^ flip));
  }
  out.push_back(static_cast<char>(flip));
}

std::optional<Number> Number::decode(ByteReader& reader) {
  ByteReader ahead = reader;
  auto mark = ahead.read_u8();
  if (!mark) return std::nullopt;
  if (*mark == kZeroMark) {
    reader = ahead;
    return Number();
  }
  if (*mark != kPositiveMark && *mark != kNegativeMark) return std::nullopt;
  const bool negative = *mark == kNegativeMark;
  const uint8_t flip = negative ? 0xFF : 0x00;
  auto biased = ahead.read_u8();
  if (!biased) return std::nullopt;
  const int leading = (*biased ^ flip) + kExponentMin;
  Coefficient coefficient = 0;
  int digits = 0;
  bool ends_in_zeros = false;
  while (true) {
    auto byte = ahead.read_u8();
    if (!byte) return std::nullopt;
    const uint8_t pair = *byte ^ flip;
    if (pair == 0) break;
    ends_in_zeros = pair == 1;
    if (pair > 100 || digits >= kDigitsMax) return std::nullopt;
    coefficient = coefficient * 100 + (pair - 1u);
    digits += 2;
  }
  // The first pair's leading digit is never zero, so `digits` counts them all.
  auto number = make(negative, coefficient, leading - digits + 1);
  if (!number.ok() || ends_in_zeros || number->is_zero() || number->leading_exponent() != leading) {
    return std::nullopt;
  }
  reader = ahead;
  return *number;
}

}  // namespace millrace
