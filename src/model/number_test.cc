#include "model/number.h"

#include <random>

#include <boost/multiprecision/cpp_int.hpp>

namespace millrace {
namespace {

using boost::multiprecision::cpp_int;

Number number(std::string_view text) {
  return Number::parse(text).value();
}

std::string error_of(const Result<Number>& result) {
  return result.ok() ? "no error: " + result->to_string() : result.error().message;
}

std::string repeated(char digit, size_t times) {
  std::string text;
  for (; times > 0; --times) text += digit;
  return text;
}

constexpr std::string_view kOverflow =
    "Number overflow. Attempting to store a number with magnitude larger than supported range";
constexpr std::string_view kUnderflow =
    "Number underflow. Attempting to store a number with magnitude smaller than supported range";
constexpr std::string_view kTooPrecise =
    "Attempting to store more than 38 significant digits in a Number";

// The number times 10^170: an integer, since no digit lies that low.
cpp_int scaled(const Number& value) {
  const std::string text = value.to_string();
  cpp_int magnitude = 0;
  int fraction = 0;
  bool in_fraction = false;
  for (const char c : text) {
    if (c == '.') in_fraction = true;
    if (c < '0' || c > '9') continue;
    magnitude = magnitude * 10 + (c - '0');
    if (in_fraction) ++fraction;
  }
  for (; fraction < 170; ++fraction) magnitude *= 10;
  return text[0] == '-' ? cpp_int(-magnitude) : magnitude;
}

// Any magnitude and precision, with many that are close to each other.
Number random_number(std::mt19937& random) {
  std::string text = random() % 2 == 0 ? "-" : "";
  const size_t digits = random() % 4 == 0 ? 38 : random() % 6 + 1;
  for (size_t i = 0; i < digits; ++i) {
    text += static_cast<char>('0' + (random() % 3 == 0 ? random() % 2 * 9 : random() % 10));
  }
  const int range = random() % 3 == 0 ? 125 : 20;
  const int exponent = static_cast<int>(random() % static_cast<unsigned>(2 * range)) - range;
  const auto parsed = Number::parse(text + "E" + std::to_string(exponent));
  return parsed.ok() ? parsed.value() : random_number(random);
}

TEST(Number, ParsesAndShowsPlainDecimals) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"0", "0"},
      {"-0", "0"},
      {"0.00E5", "0"},
      {"00042", "42"},
      {"+7", "7"},
      {"-7", "-7"},
      {"1.0", "1"},
      {"3.1400", "3.14"},
      {"1.5E2", "150"},
      {"1e2", "100"},
      {"15e-1", "1.5"},
      {".5", "0.5"},
      {"-.05", "-0.05"},
      {"5.", "5"},
      {"100", "100"},
      {"0.00012", "0.00012"},
      {"10E-1", "1"},
      {"0e999999999999", "0"},
      {"12345678901234567890123456789012345678", "12345678901234567890123456789012345678"},
      {"0.000000012345678901234567890123456789012345678",
       "0.000000012345678901234567890123456789012345678"},
      {std::string("1") + repeated('0', 125), std::string("1") + repeated('0', 125)},
      {"1E125", std::string("1") + repeated('0', 125)},
      {"1E-130", std::string("0.") + repeated('0', 129) + "1"},
      {std::string("0.") + repeated('0', 300) + "1E300", "0.1"},
      {std::string("1") + repeated('0', 300) + "E-300", "1"},
      {"9.9999999999999999999999999999999999999E125", repeated('9', 38) + repeated('0', 88)}};
  for (const auto& [text, shown] : cases) EXPECT_EQ(number(text).to_string(), shown) << text;
}

TEST(Number, RefusesWhatIsNoNumber) {
  EXPECT_EQ(error_of(Number::parse("")), "The parameter cannot be converted to a numeric value");
  for (const std::string& text : std::vector<std::string>{
           "b", "-", "+", ".", "1a", "1 ", " 1", "1..2", "1.2.3", "e5", "1e", "1e+", "1e5.5", "--1",
           "0x10", "NaN", "Infinity", "1,000", "\xd9\xa1"}) {
    EXPECT_EQ(error_of(Number::parse(text)),
              "The parameter cannot be converted to a numeric value: " + text);
  }
}

TEST(Number, RefusesWhatDoesNotFit) {
  for (const char* text : {"1E126", "-1E126", "1e1000000000000", "10E125"}) {
    EXPECT_EQ(error_of(Number::parse(text)), kOverflow) << text;
  }
  for (const char* text : {"1E-131", "-9E-131", "1e-1000000000000", "0.1E-130"}) {
    EXPECT_EQ(error_of(Number::parse(text)), kUnderflow) << text;
  }
  const std::string zeros = repeated('0', 37);
  for (const std::string& text :
       {std::string("123456789012345678901234567890123456789"), std::string("1.") + zeros + "1",
        std::string("-1") + zeros + ".5", std::string("1") + zeros + "1E-20"}) {
    EXPECT_EQ(error_of(Number::parse(text)), kTooPrecise) << text;
  }
  EXPECT_TRUE(Number::parse("1.0000000000000000000000000000000000001").ok());
  EXPECT_TRUE(Number::parse("1230000000000000000000000000000000000000000000").ok());
}

TEST(Number, FromInteger) {
  EXPECT_EQ(Number::from_integer(0).to_string(), "0");
  EXPECT_EQ(Number::from_integer(-120).to_string(), "-120");
  EXPECT_EQ(Number::from_integer(INT64_MAX).to_string(), "9223372036854775807");
  EXPECT_EQ(Number::from_integer(INT64_MIN).to_string(), "-9223372036854775808");
}

TEST(Number, EqualityIsNumeric) {
  EXPECT_EQ(number("1"), number("1.0"));
  EXPECT_EQ(number("100"), number("1E2"));
  EXPECT_EQ(number("-0"), Number());
  EXPECT_NE(number("1"), number("-1"));
  EXPECT_NE(number("1"), number("10"));
}

TEST(Number, OrderAgreesWithIntegers) {
  std::mt19937 random(1);
  for (int round = 0; round < 6'000; ++round) {
    const Number left = random_number(random);
    const Number right = round % 10 == 0 ? left : random_number(random);
    const int expected = scaled(left).compare(scaled(right));
    EXPECT_EQ(left < right, expected < 0) << left.to_string() << " " << right.to_string();
    EXPECT_EQ(left == right, expected == 0) << left.to_string() << " " << right.to_string();
    EXPECT_EQ(left > right, expected > 0) << left.to_string() << " " << right.to_string();
  }
}

TEST(Number, EncodingRoundTripsAndKeepsOrder) {
  std::mt19937 random(2);
  std::vector<Number> numbers = {Number(),          number("1E-130"),   number("-1E-130"),
                                 number("9.9E125"), number("-9.9E125"), number("1"),
                                 number("10"),      number("12"),       number("120.5"),
                                 number("-12"),     number("-120.5")};
  for (int i = 0; i < 2'000; ++i) numbers.push_back(random_number(random));
  for (const Number& value : numbers) {
    Bytes encoded;
    value.encode(encoded);
    EXPECT_LE(encoded.size(), 22U);
    encoded += "rest";
    ByteReader reader(encoded);
    EXPECT_EQ(Number::decode(reader), value) << value.to_string();
    EXPECT_EQ(reader.rest(), "rest");
    Bytes other_encoded;
    const Number& other = numbers[random() % numbers.size()];
    other.encode(other_encoded);
    encoded.resize(encoded.size() - 4);
    EXPECT_EQ(encoded < other_encoded, value < other)
        << value.to_string() << " " << other.to_string();
  }
}

TEST(Number, DecodingRefusesASecondEncodingOfAValue) {
  const Bytes one("\x82\x82\x0b\x00", 4);
  const Bytes one_and_zeros("\x82\x82\x0b\x01\x00", 5);
  ByteReader reader(one);
  EXPECT_EQ(Number::decode(reader), number("1"));
  ByteReader other_reader(one_and_zeros);
  EXPECT_EQ(Number::decode(other_reader), std::nullopt);
}

TEST(Number, DecodingRefusesMalformedBytes) {
  std::mt19937 random(3);
  for (int round = 0; round < 15'000; ++round) {
    Bytes bytes;
    random_number(random).encode(bytes);
    for (size_t change = random() % 3 + 1; change > 0 && !bytes.empty(); --change) {
      if (random() % 3 == 0) {
        bytes.resize(random() % bytes.size());
      } else {
        bytes[random() % bytes.size()] = static_cast<char>(random());
      }
    }
    ByteReader reader(bytes);
    const auto decoded = Number::decode(reader);
    if (decoded) {
      EXPECT_EQ(number(decoded->to_string()), *decoded);
      Bytes again;
      decoded->encode(again);
      EXPECT_EQ(again, bytes.substr(0, bytes.size() - reader.rest().size()));
    } else {
      EXPECT_EQ(reader.rest().size(), bytes.size());
    }
  }
}

TEST(Number, AddsExactlyOrNotAtAll) {
  std::mt19937 random(4);
  size_t sums = 0;
  for (int round = 0; round < 6'000; ++round) {
    const Number left = random_number(random);
    const Number right = round % 20 == 0 ? left : random_number(random);
    const auto sum = Number::add(left, right);
    const auto difference = Number::subtract(left, right);
    if (sum.ok()) {
      ++sums;
      EXPECT_EQ(scaled(*sum), scaled(left) + scaled(right))
          << left.to_string() << " + " << right.to_string();
    }
    if (difference.ok()) {
      EXPECT_EQ(scaled(*difference), scaled(left) - scaled(right));
    }
    if (sum.ok() && Number::subtract(*sum, right).ok()) {
      EXPECT_EQ(Number::subtract(*sum, right).value(), left);
    }
  }
  EXPECT_GT(sums, 1'500U);
}

TEST(Number, ArithmeticAtTheLimits) {
  const std::string nines = repeated('9', 38);
  EXPECT_EQ(Number::add(number(nines), number("1")).value(), number("1E38"));
  EXPECT_EQ(error_of(Number::add(number(nines), number("0.1"))), kOverflow);
  EXPECT_EQ(error_of(Number::add(number("1E50"), number("1"))), kOverflow);
  EXPECT_EQ(error_of(Number::subtract(number("1E50"), number("1"))), kOverflow);
  EXPECT_EQ(error_of(Number::add(number("9E125"), number("9E125"))), kOverflow);
  EXPECT_EQ(error_of(Number::subtract(number("-9E125"), number("9E125"))), kOverflow);
  EXPECT_EQ(error_of(Number::add(number("9E125"), number("1E-130"))), kOverflow);
  EXPECT_EQ(Number::add(number("9E125"), number("9E124")).value(), number("9.9E125"));
  EXPECT_EQ(Number::subtract(number("1E-130"), number("1E-130")).value(), Number());
  EXPECT_EQ(Number::subtract(number("0"), number("5")).value(), number("-5"));
}

// One for the magnitude, one for two digits that lie at an even place, one for a sign.
TEST(Number, SizeBytes) {
  EXPECT_EQ(Number().size_bytes(), 1U);
  const std::vector<std::pair<std::string, size_t>> cases = {
      {"1", 2},     {"10", 2},    {"12", 2},   {"100", 2},  {"123", 3},     {"1.2", 3},
      {"-1", 3},    {"0.1", 2},   {"0.01", 2}, {"0.12", 2}, {"12.3456", 4}, {"-12", 3},
      {"1E125", 2}, {"0.012", 3}, {"120", 3},  {"1200", 2}};
  for (const auto& [text, size] : cases) EXPECT_EQ(number(text).size_bytes(), size) << text;
  EXPECT_EQ(number(repeated('1', 38)).size_bytes(), 20U);
  EXPECT_EQ(number(std::string("-") + repeated('1', 37) + ".1").size_bytes(), 22U);
}

}  // namespace
}  // namespace millrace
