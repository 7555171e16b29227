#include "model/item_testing.h"

#include <algorithm>

namespace millrace {
namespace {

Bytes random_bytes(std::mt19937& random) {
  Bytes bytes;
  for (size_t length = random() % 20; length > 0; --length) {
    bytes.push_back(static_cast<char>(random()));
  }
  return bytes;
}

Number random_number(std::mt19937& random) {
  return Number::parse(std::to_string(static_cast<int>(random())) + "E" +
                       std::to_string(static_cast<int>(random() % 100) - 50))
      .value();
}

template <typename Set, typename Draw>
AttributeValue random_set(std::mt19937& random, const Draw& draw) {
  Set set;
  for (size_t count = random() % 5 + 1; count > 0; --count) set.members.push_back(draw(random));
  std::sort(set.members.begin(), set.members.end());
  set.members.erase(std::unique(set.members.begin(), set.members.end()), set.members.end());
  return set;
}

AttributeMap random_map(std::mt19937& random, int levels) {
  AttributeMap map;
  for (size_t count = random() % 5; count > 0; --count) {
    map.insert_or_assign(random_bytes(random), random_value(random, levels));
  }
  return map;
}

}  // namespace

AttributeValue random_value(std::mt19937& random, int levels) {
  switch (random() % (levels > 1 ? 10 : 8)) {
    case 0:
      return random_bytes(random);
    case 1:
      return random_number(random);
    case 2:
      return Binary{random_bytes(random)};
    case 3:
      return AttributeValue(random() % 2 == 0);
    case 4:
      return Null{};
    case 5:
      return random_set<StringSet>(random, random_bytes);
    case 6:
      return random_set<NumberSet>(random, random_number);
    case 7:
      return random_set<BinarySet>(random, random_bytes);
    case 8:
      return random_map(random, levels - 1);
    default: {
      List list;
      for (size_t count = random() % 5; count > 0; --count) {
        list.push_back(random_value(random, levels - 1));
      }
      return list;
    }
  }
}

Item random_item(std::mt19937& random) {
  return random_map(random, 4);
}

}  // namespace millrace
