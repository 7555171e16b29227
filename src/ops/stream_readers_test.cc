#include "ops/stream_readers.h"

#include <gtest/gtest.h>

namespace millrace::ops {
namespace {

using std::chrono::minutes;

TEST(StreamReaders, TheSlowestOfAShardIsTold) {
  StreamReaders readers;
  const StreamReaders::SteadyTime now{minutes(100)};
  EXPECT_FALSE(readers.slowest(1, 5, now));
  readers.note(11, {1, 5, 9}, now);
  readers.note(12, {1, 5, 7}, now);
  readers.note(13, {1, 4, 4}, now);
  readers.note(14, {2, 5, 5}, now);
  EXPECT_EQ(readers.slowest(1, 5, now), 7U);
  readers.note(12, {1, 5, 10}, now);
  EXPECT_EQ(readers.slowest(1, 5, now), 9U);
}

TEST(StreamReaders, WhoHasNotReadForAWhileIsForgotten) {
  StreamReaders readers;
  const StreamReaders::SteadyTime now{minutes(100)};
  readers.note(11, {1, 5, 7}, now);
  readers.note(12, {1, 5, 9}, now + minutes(3));
  EXPECT_EQ(readers.slowest(1, 5, now + minutes(4)), 7U);
  EXPECT_EQ(readers.slowest(1, 5, now + minutes(6)), 9U);
  EXPECT_FALSE(readers.slowest(1, 5, now + minutes(9)));
}

TEST(StreamReaders, AnyNumberOfReadersIsTaken) {
  StreamReaders readers;
  const StreamReaders::SteadyTime now{minutes(100)};
  for (uint64_t reader = 0; reader < 50'000; ++reader) readers.note(reader, {1, 5, 7}, now);
  readers.note(50'001, {1, 6, 8}, now);
  EXPECT_EQ(readers.slowest(1, 6, now), 8U);
}

}  // namespace
}  // namespace millrace::ops
