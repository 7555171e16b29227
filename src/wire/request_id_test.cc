#include "wire/request_id.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace millrace::wire {
namespace {

TEST(RequestIds, AreOfTheServicesFormAndNeverTheSame) {
  Random random(1);
  RequestIds ids(random);
  Random other_random(2);
  RequestIds others(other_random);
  std::set<std::string> seen;
  std::set<char> characters;
  for (int i = 0; i < 1000; ++i) {
    for (RequestIds* from : {&ids, &others}) {
      const std::string id(from->next().view());
      ASSERT_EQ(id.size(), 52u);
      characters.insert(id.begin(), id.end());
      EXPECT_TRUE(seen.insert(id).second) << id;
    }
  }
  const std::string all(characters.begin(), characters.end());
  EXPECT_EQ(all, "012345ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

TEST(RequestIds, ComeAgainWithTheSeed) {
  Random random(1);
  Random same(1);
  RequestIds ids(random);
  RequestIds again(same);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ids.next().view(), again.next().view());
}

}  // namespace
}  // namespace millrace::wire
