#include "audit/delivery/state.h"

#include <gtest/gtest.h>

namespace millrace::audit {
namespace {

TEST(DeliveryStateTest, IsReadAsItWasWritten) {
  FilesState state;
  EXPECT_EQ(decode_files_state(encode_files_state(state)).value(), state);
  state.log_file = {"bucket", "prefix", "object", 7, "hash", -1, 1'700'000'000'000};
  state.digest = {"bucket", "object", 12, "fingerprint", 3, true};
  state.chain = {"bucket", "prefix", 1'000, {"previous", "before", "hash", "signature"}};
  state.first_log_file = 2;
  state.next_log_file = 5;
  state.latest_delivery_milliseconds = 1;
  state.latest_attempt_milliseconds = 2;
  state.latest_error = "NoSuchBucket";
  state.latest_digest_milliseconds = 3;
  state.latest_digest_error = "AccessDenied";
  EXPECT_EQ(decode_files_state(encode_files_state(state)).value(), state);
  const GroupState group{.latest_delivery_milliseconds = 5, .latest_error = "x"};
  EXPECT_EQ(decode_group_state(encode_group_state(group)).value(), group);
  const DigestedLogFile log_file{"object", "hash", 1, 2};
  EXPECT_EQ(decode_log_file(encode_log_file(log_file)).value(), log_file);
}

TEST(DeliveryStateTest, DamageIsNoticed) {
  const Bytes whole = encode_log_file({"object", "hash", 1, 2});
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_log_file(ByteView(whole).substr(0, size)).ok());
  }
  EXPECT_FALSE(decode_log_file(whole + "x").ok());
  Bytes other = whole;
  other[0] = 2;
  EXPECT_FALSE(decode_log_file(other).ok());
}

}  // namespace
}  // namespace millrace::audit
