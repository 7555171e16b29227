#include "audit/event_encoding.h"

#include <random>

#include <gtest/gtest.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace millrace::audit {
namespace {

Event full_event() {
  Event event;
  event.time_milliseconds = -5;
  event.event_id = "c6af9ac6-7b61-41e6-9a41-93e8deadbeef";
  event.category = Category::kData;
  event.read_only = true;
  event.event_source = "dynamodb.amazonaws.com";
  event.event_name = "GetItem";
  event.api_version = "2012-08-10";
  event.request_id = "REQUEST";
  event.identity = {.access_key_id = "ASIA",
                    .type = IdentityType::kAssumedRole,
                    .principal_id = "AROA:bob",
                    .arn = "session arn",
                    .account_id = "111122223333",
                    .user_name = "name",
                    .issuer_arn = "role arn",
                    .issuer_id = "AROA",
                    .issuer_name = "role",
                    .session_began_seconds = 1'700'000'000};
  event.connection = {"192.0.2.1", "agent", "host", "TLSv1.3", "SUITE"};
  event.request_parameters_json = "{}";
  event.response_elements_json = "[]";
  event.additional_event_data_json = "{\"a\":1}";
  event.service_event_details_json = "{\"b\":1}";
  event.resources = {{"AWS::DynamoDB::Table", "arn"}, {"AWS::Other::Type", "other arn"}};
  event.error_code = "Code";
  event.error_message = "message";
  event.sinks = {1, 500, UINT64_MAX};
  return event;
}

Event plain_event() {
  Event event;
  event.event_source = "other.amazonaws.com";
  event.event_name = "Other";
  event.identity.access_key_id = "AKID";
  event.error_message = "only a message";
  return event;
}

Bytes block_of(const std::vector<Event>& events) {
  Bytes encoded;
  for (const Event& event : events) append_encoded_event(encoded, event);
  return encode_block(encoded);
}

std::optional<std::vector<Event>> decode(ByteView block) {
  std::vector<Event> events;
  const bool good = decode_block(block, [&](const Event& event) {
    events.push_back(event);
    return true;
  });
  if (!good) {
    EXPECT_TRUE(events.empty());
    return std::nullopt;
  }
  return events;
}

TEST(EventEncoding, ReadsBack) {
  const std::vector<Event> events = {full_event(), plain_event(), Event{}, full_event()};
  EXPECT_EQ(decode(block_of(events)), events);
  EXPECT_EQ(decode(block_of({})), std::vector<Event>{});
}

TEST(EventEncoding, VisitsUntilToldToStop) {
  int visited = 0;
  EXPECT_TRUE(decode_block(block_of({plain_event(), plain_event()}), [&](const Event&) {
    ++visited;
    return false;
  }));
  EXPECT_EQ(visited, 1);
}

TEST(EventEncoding, DamageIsFound) {
  const Bytes block = block_of({full_event(), plain_event()});
  for (size_t i = 0; i < block.size(); ++i) {
    EXPECT_EQ(decode(ByteView(block).substr(0, i)), std::nullopt);
    Bytes changed = block;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_EQ(decode(changed), std::nullopt) << i;
  }
  EXPECT_EQ(decode(block + 'x'), std::nullopt);
}

// With a good checksum, so that the events themselves are looked at.
TEST(EventEncoding, LargeBlocksAreCompressed) {
  const std::vector<Event> events(100, full_event());
  const Bytes block = block_of(events);
  EXPECT_LT(block.size(), 100 * block_of({full_event()}).size() / 5);
  EXPECT_EQ(decode(block), events);
  for (size_t i = 0; i < block.size(); i += 7) {
    Bytes damaged = block;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_EQ(decode(damaged), std::nullopt) << i;
    // Also where the checksum says otherwise, nothing is read beyond the bytes.
    damaged.resize(damaged.size() - 8);
    append_u64(damaged, XXH3_64bits(damaged.data(), damaged.size()));
    (void)decode_block(damaged, [](const Event&) { return true; });
  }
}

TEST(EventEncoding, AnyBytesAreTaken) {
  std::mt19937 random(1);
  Bytes encoded;
  append_encoded_event(encoded, full_event());
  append_encoded_event(encoded, plain_event());
  for (size_t i = 0; i <= encoded.size(); ++i) {
    (void)decode(encode_block(ByteView(encoded).substr(0, i)));
  }
  for (int round = 0; round < 20'000; ++round) {
    Bytes changed = encoded;
    for (int edits = 0; edits < 3; ++edits) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    (void)decode(encode_block(changed));
    Bytes noise(random() % 64, '\0');
    for (char& byte : noise) byte = static_cast<char>(random());
    (void)decode(encode_block(noise));
    (void)decode(noise);
  }
}

TEST(EventEncoding, AnotherVersionIsNotRead) {
  Bytes block = block_of({plain_event()});
  block.resize(block.size() - 8);
  block[0] = 3;
  append_u64(block, XXH3_64bits(block.data(), block.size()));
  EXPECT_EQ(decode(block), std::nullopt);
}

}  // namespace
}  // namespace millrace::audit
