// Numbers and items: in from text and bytes, out again.
#include <benchmark/benchmark.h>

#include "example_item.h"
#include "json/attribute_value.h"
#include "model/item_encoding.h"
#include "model/key_codec.h"

namespace millrace::bench {
namespace {

constexpr std::string_view kShortNumber = "19.99";
constexpr std::string_view kLongNumber = "-12345678901234567890.123456789012345678E-20";

void count_bytes(benchmark::State& state, size_t bytes) {
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(bytes));
}

void number_parse(benchmark::State& state, std::string_view text) {
  for (auto _ : state) benchmark::DoNotOptimize(Number::parse(text));
}
BENCHMARK_CAPTURE(number_parse, short, kShortNumber);
BENCHMARK_CAPTURE(number_parse, 38_digits, kLongNumber);

void number_encode(benchmark::State& state, std::string_view text) {
  const Number number = Number::parse(text).value();
  Bytes out;
  for (auto _ : state) {
    out.clear();
    number.encode(out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK_CAPTURE(number_encode, short, kShortNumber);
BENCHMARK_CAPTURE(number_encode, 38_digits, kLongNumber);

void number_decode(benchmark::State& state, std::string_view text) {
  Bytes encoded;
  Number::parse(text).value().encode(encoded);
  for (auto _ : state) {
    ByteReader reader(encoded);
    benchmark::DoNotOptimize(Number::decode(reader));
  }
}
BENCHMARK_CAPTURE(number_decode, short, kShortNumber);
BENCHMARK_CAPTURE(number_decode, 38_digits, kLongNumber);

void key_encode(benchmark::State& state) {
  const AttributeValue key("order-000000000042");
  for (auto _ : state) benchmark::DoNotOptimize(encode_partition_key(key));
}
BENCHMARK(key_encode);

void item_encode(benchmark::State& state) {
  const Item item = example_item();
  for (auto _ : state) benchmark::DoNotOptimize(encode_item(item));
  count_bytes(state, encode_item(item).size());
}
BENCHMARK(item_encode);

void item_decode(benchmark::State& state) {
  const Bytes encoded = encode_item(example_item());
  for (auto _ : state) benchmark::DoNotOptimize(decode_item(encoded));
  count_bytes(state, encoded.size());
}
BENCHMARK(item_decode);

// What GetItem does.
void item_json_write_encoded(benchmark::State& state) {
  const Bytes encoded = encode_item(example_item());
  std::string out;
  for (auto _ : state) {
    out.clear();
    json::Writer writer(out);
    benchmark::DoNotOptimize(json::write_encoded_item(writer, encoded));
  }
  count_bytes(state, out.size());
}
BENCHMARK(item_json_write_encoded);

// What PutItem does.
void item_json_read(benchmark::State& state) {
  std::string text;
  json::Writer writer(text);
  json::write_attribute_map(writer, example_item());
  for (auto _ : state) {
    auto document = json::Document::parse(text);
    benchmark::DoNotOptimize(json::read_attribute_map(document->root()));
  }
  count_bytes(state, text.size());
}
BENCHMARK(item_json_read);

}  // namespace
}  // namespace millrace::bench
