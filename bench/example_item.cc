#include "example_item.h"

namespace millrace::bench {

namespace {

AttributeValue order_line(int number) {
  return AttributeMap{{"article", "article-" + std::to_string(100'000 + number)},
                      {"quantity", Number::from_integer(number)},
                      {"price", Number::parse("19.99").value()}};
}

}  // namespace

Item example_item() {
  List articles;
  for (int i = 1; i <= 8; ++i) articles.push_back(order_line(i));
  return {{"id", "order-000000000042"},
          {"customer", "customer-7f3a"},
          {"amount", Number::parse("1234.5678").value()},
          {"placed_at", Number::from_integer(1'767'225'600)},
          {"paid", AttributeValue(true)},
          {"note", std::string(400, 'n')},
          {"signature", Binary{Bytes(64, '\x7f')}},
          {"tags", StringSet{{"express", "gift", "returning"}}},
          {"articles", std::move(articles)},
          {"address", AttributeMap{{"street", "Mill Lane 1"}, {"city", "Race"}, {"zip", "12345"}}}};
}

}  // namespace millrace::bench
