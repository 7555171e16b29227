#include "http/content_coding.h"

#include <libdeflate.h>

#include <gtest/gtest.h>

#include "http/server_testing.h"

namespace millrace::http {
namespace {

constexpr size_t kMegabyte = 1024 * 1024;

Bytes gzip(ByteView plain) {
  const auto compressed = GzipCodec().compress(plain);
  EXPECT_TRUE(compressed);
  return compressed.value_or("");
}

Bytes gunzip(ByteView compressed) {
  ByteBudget budget(100 * kMegabyte);
  ByteBudget::Charge charge(budget);
  Bytes plain;
  EXPECT_EQ(GzipCodec().decompress(compressed, 100 * kMegabyte, charge, plain),
            GunzipOutcome::kDone);
  return plain;
}

// Squeezes this many bytes, all alike.
Bytes bomb(size_t bytes) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
  const Bytes plain(bytes, 'a');
  Bytes compressed(bytes, '\0');
  compressed.resize(libdeflate_gzip_compress(compressor, plain.data(), plain.size(),
                                             compressed.data(), compressed.size()));
  libdeflate_free_compressor(compressor);
  return compressed;
}

std::string post_gzip(ByteView compressed) {
  return post(compressed, "Content-Encoding: gzip\r\n");
}

TEST(AcceptsGzipTest, FollowsTheQualities) {
  for (const std::string_view yes : {"gzip", "GZIP", "deflate, gzip;q=0.5", "*", "br ,\tgzip ; q=1",
                                     "*;q=0, gzip", "gzip;q=0.001"}) {
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  }
  for (const std::string_view no : {"", "identity", "gzip;q=0", "gzip;q=0.000", "gzip ; Q=0",
                                    "*;q=0", "*, gzip;q=0", "xgzip", "deflate", ",;,"}) {
    EXPECT_FALSE(accepts_gzip(no)) << no;
  }
}

TEST(GzipCodecTest, RoundTripsAndJoinsMembers) {
  const Bytes first(1000, 'a');
  const Bytes second(300'000, 'b');
  EXPECT_EQ(gunzip(gzip(first)), first);
  EXPECT_EQ(gunzip(gzip(first) + gzip(second) + gzip(first)), first + second + first);
  EXPECT_EQ(gunzip(gzip(second) + gzip(first)), second + first);
}

TEST(GzipCodecTest, ChargesBeforeItAllocates) {
  ByteBudget budget(kMegabyte);
  ByteBudget::Charge charge(budget);
  Bytes plain;
  EXPECT_EQ(GzipCodec().decompress(bomb(2 * kMegabyte), 16 * kMegabyte, charge, plain),
            GunzipOutcome::kBudgetExhausted);
  EXPECT_LE(plain.capacity(), kMegabyte);
}

TEST(GzipCodecTest, ALyingTrailerGainsNothing) {
  Bytes compressed = bomb(8 * kMegabyte);
  for (size_t i = 1; i <= 4; ++i) compressed[compressed.size() - i] = '\0';
  ByteBudget budget(100 * kMegabyte);
  ByteBudget::Charge charge(budget);
  Bytes plain;
  EXPECT_EQ(GzipCodec().decompress(compressed, kMegabyte, charge, plain), GunzipOutcome::kTooLarge);
  EXPECT_LE(plain.capacity(), 2 * kMegabyte);
}

TEST(ServerGzipTest, InflatesRequestBodies) {
  Request seen;
  TestServer server([&](Request request, const Respond& respond) {
    seen = std::move(request);
    respond({});
  });
  const Bytes plain(5000, 'p');
  RawConnection connection(server.port());
  EXPECT_EQ(connection.exchange(post_gzip(gzip(plain))).status, 200);
  EXPECT_EQ(seen.body, plain);
  EXPECT_EQ(seen.body_as_sent, gzip(plain));
}

TEST(ServerGzipTest, RefusesWhatDoesNotInflate) {
  TestServer server;
  const Bytes good = gzip(Bytes(5000, 'p'));
  for (const Bytes& bad : {Bytes("not gzip at all, not gzip"), good.substr(0, good.size() - 5),
                           good + "trailing rubbish..", Bytes("\x1f\x8b", 2)}) {
    RawConnection connection(server.port());
    EXPECT_EQ(connection.exchange(post_gzip(bad)).status, 400);
    EXPECT_TRUE(connection.is_closed());
  }
  RawConnection connection(server.port());
  EXPECT_EQ(connection.exchange(post("x", "Content-Encoding: br\r\n")).status, 400);
}

TEST(ServerGzipTest, RefusesABomb) {
  TestServer server;
  RawConnection connection(server.port());
  EXPECT_EQ(connection.exchange(post_gzip(bomb(40 * kMegabyte))).status, 413);
  Bytes many;
  const Bytes member = bomb(kMegabyte);
  for (int i = 0; i < 20; ++i) many += member;
  RawConnection members(server.port());
  EXPECT_EQ(members.exchange(post_gzip(many)).status, 413);
}

TEST(ServerGzipTest, CompressesResponsesForThoseWhoAccept) {
  const Bytes body(1000, 'r');
  TestServer server([&](const Request& /*request*/, const Respond& respond) {
    respond({.headers = {}, .body = body, .checksum = true});
  });
  RawConnection connection(server.port());
  const auto gzipped = connection.exchange(post("", "Accept-Encoding: deflate, gzip\r\n"));
  EXPECT_EQ(gzipped.header("Content-Encoding"), "gzip");
  EXPECT_EQ(gunzip(gzipped.body), body);
  EXPECT_EQ(gzipped.header("x-amz-crc32"),
            std::to_string(libdeflate_crc32(0, gzipped.body.data(), gzipped.body.size())));

  const auto plain = connection.exchange(post("", "Accept-Encoding: gzip;q=0\r\n"));
  EXPECT_EQ(plain.header("Content-Encoding"), "");
  EXPECT_EQ(plain.body, body);
  EXPECT_EQ(plain.header("x-amz-crc32"),
            std::to_string(libdeflate_crc32(0, body.data(), body.size())));
}

TEST(ServerGzipTest, LeavesSmallResponsesAlone) {
  TestServer server;
  RawConnection connection(server.port());
  const auto small = connection.exchange(post("small", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(small.header("Content-Encoding"), "");
  EXPECT_EQ(small.header("x-amz-crc32"), "");
}

}  // namespace
}  // namespace millrace::http
