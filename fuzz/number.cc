// Two numbers as text, a line each: what parses keeps its value and its order through text, stored
// bytes and sums. A third line is bytes that may be an encoding.
#include "model/number.h"

#include <string_view>

#include "base/check.h"

namespace millrace {
namespace {

std::string_view next_line(std::string_view& input) {
  const size_t end = std::min(input.find('\n'), input.size());
  const std::string_view line = input.substr(0, end);
  input.remove_prefix(std::min(end + 1, input.size()));
  return line;
}

Bytes encoded(const Number& number) {
  Bytes bytes;
  number.encode(bytes);
  return bytes;
}

void check_alone(const Number& number) {
  MILLRACE_CHECK(Number::parse(number.to_string()).value() == number);
  const Bytes bytes = encoded(number);
  ByteReader reader(bytes);
  MILLRACE_CHECK(Number::decode(reader) == number);
  MILLRACE_CHECK(reader.empty());
  MILLRACE_CHECK(number.size_bytes() <= 22);
}

void check_pair(const Number& left, const Number& right) {
  const Bytes left_bytes = encoded(left);
  const Bytes right_bytes = encoded(right);
  MILLRACE_CHECK((left <=> right) == (left_bytes <=> right_bytes));
  MILLRACE_CHECK((left == right) == (left_bytes == right_bytes));
  MILLRACE_CHECK(left == right || !left_bytes.starts_with(right_bytes));

  const auto sum = Number::add(left, right);
  const auto other_sum = Number::add(right, left);
  MILLRACE_CHECK(sum.ok() == other_sum.ok());
  if (sum.ok()) {
    check_alone(*sum);
    MILLRACE_CHECK(*sum == *other_sum);
    MILLRACE_CHECK(Number::subtract(*sum, right).value() == left);
  }
  const auto difference = Number::subtract(left, right);
  if (difference.ok()) {
    MILLRACE_CHECK(difference->is_negative() == (left < right));
    MILLRACE_CHECK(difference->is_zero() == (left == right));
  }
}

// One value has one encoding.
void check_decoding(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto number = Number::decode(reader);
  if (!number) return;
  const size_t length = bytes.size() - reader.rest().size();
  MILLRACE_CHECK(encoded(*number) == bytes.substr(0, length));
  check_alone(*number);
}

}  // namespace
}  // namespace millrace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace millrace;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto left = Number::parse(next_line(input));
  const auto right = Number::parse(next_line(input));
  if (left.ok()) check_alone(*left);
  if (right.ok()) check_alone(*right);
  if (left.ok() && right.ok()) check_pair(*left, *right);
  check_decoding(input);
  return 0;
}
