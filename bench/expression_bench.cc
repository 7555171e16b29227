// The three steps of an expression: its text, one request's placeholders, one item.
#include <benchmark/benchmark.h>

#include "example_item.h"
#include "expr/expression.h"

namespace millrace::bench {
namespace {

constexpr std::string_view kCondition =
    "attribute_exists(id) AND (amount BETWEEN :low AND :high OR contains(tags, :tag)) AND "
    "articles[0].#q < :limit";
constexpr std::string_view kUpdate =
    "SET note = :note, amount = amount + :one, address.#c = if_not_exists(address.#c, :note) "
    "ADD revision :one REMOVE paid";
constexpr std::string_view kProjection = "id, amount, articles[1].article, address.city";

const expr::NameMap kConditionNames = {{"#q", "quantity"}};
const expr::NameMap kUpdateNames = {{"#c", "country"}};

AttributeMap condition_values() {
  return {{":low", Number::from_integer(1)},
          {":high", Number::from_integer(10)},
          {":tag", "gift"},
          {":limit", Number::from_integer(5)}};
}

AttributeMap update_values() {
  return {{":note", "later"}, {":one", Number::from_integer(1)}};
}

expr::Condition parsed_condition() {
  return expr::Condition::parse(kCondition, "ConditionExpression").value();
}
expr::Update parsed_update() {
  return expr::Update::parse(kUpdate).value();
}

void condition_parse(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(expr::Condition::parse(kCondition, "ConditionExpression"));
  }
}
BENCHMARK(condition_parse);

void condition_bind(benchmark::State& state) {
  const AttributeMap values = condition_values();
  const expr::Condition condition = parsed_condition();
  for (auto _ : state) {
    expr::Placeholders placeholders(kConditionNames, values);
    benchmark::DoNotOptimize(condition.bind(placeholders));
  }
}
BENCHMARK(condition_bind);

void condition_evaluate(benchmark::State& state) {
  const AttributeMap values = condition_values();
  expr::Placeholders placeholders(kConditionNames, values);
  const expr::Condition condition = parsed_condition().bind(placeholders).value();
  const Item item = example_item();
  for (auto _ : state) benchmark::DoNotOptimize(condition.matches(item));
}
BENCHMARK(condition_evaluate);

void update_parse(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(expr::Update::parse(kUpdate));
}
BENCHMARK(update_parse);

void update_bind(benchmark::State& state) {
  const AttributeMap values = update_values();
  const expr::Update update = parsed_update();
  for (auto _ : state) {
    expr::Placeholders placeholders(kUpdateNames, values);
    benchmark::DoNotOptimize(update.bind(placeholders));
  }
}
BENCHMARK(update_bind);

// On the same item again and again, whose counters just rise.
void update_apply(benchmark::State& state) {
  const AttributeMap values = update_values();
  expr::Placeholders placeholders(kUpdateNames, values);
  const expr::Update update = parsed_update().bind(placeholders).value();
  Item item = example_item();
  for (auto _ : state) benchmark::DoNotOptimize(update.apply(item));
}
BENCHMARK(update_apply);

void projection_parse_bind(benchmark::State& state) {
  const AttributeMap no_values;
  const expr::NameMap no_names;
  for (auto _ : state) {
    expr::Placeholders placeholders(no_names, no_values);
    benchmark::DoNotOptimize(expr::Projection::parse(kProjection)->bind(placeholders));
  }
}
BENCHMARK(projection_parse_bind);

void projection_apply(benchmark::State& state) {
  const AttributeMap no_values;
  const expr::NameMap no_names;
  expr::Placeholders placeholders(no_names, no_values);
  const auto projection = expr::Projection::parse(kProjection).value().bind(placeholders).value();
  const Item item = example_item();
  for (auto _ : state) benchmark::DoNotOptimize(projection.apply(item));
}
BENCHMARK(projection_apply);

}  // namespace
}  // namespace millrace::bench
