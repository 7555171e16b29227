#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "http/server.h"
#include "http/server_testing.h"

namespace millrace::http {
namespace {

using std::chrono::milliseconds;

constexpr size_t kMegabyte = 1024 * 1024;

ServerOptions short_of_time() {
  ServerOptions options;
  options.request_timeout = options.idle_timeout = options.write_timeout = milliseconds(150);
  return options;
}

void expect_refusal(RawConnection& connection, int status) {
  const auto response = connection.read();
  ASSERT_NE(response.status, 0);
  EXPECT_EQ(response.status, status) << response.body;
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_TRUE(connection.is_closed());
}

class GarbageTest : public testing::TestWithParam<std::string> {};

TEST_P(GarbageTest, IsRefused) {
  TestServer server;
  RawConnection connection(server.port());
  ASSERT_TRUE(connection.send(GetParam()));
  connection.finish();
  expect_refusal(connection, 400);
  RawConnection next(server.port());
  EXPECT_EQ(next.exchange(post("fine")).body, "fine");
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, GarbageTest,
    testing::Values(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
                    std::string(100'000, '\xff'), std::string(100, '\0'), "GET / HTTP/2.0\r\n\r\n",
                    "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
                    "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                    "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                    "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                    "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
                    "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
                    "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabXXXX\r\n"));

TEST(ServerLimitsTest, HalfARequestIsClosedQuietly) {
  TestServer server;
  for (const std::string_view half :
       {"", "PO", "POST / HTTP/1.1\r\nContent-Le",
        "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
    RawConnection connection(server.port());
    ASSERT_TRUE(connection.send(half));
    connection.finish();
    EXPECT_TRUE(connection.is_closed()) << half;
  }
}

TEST(ServerLimitsTest, ALongHeaderIsRefused) {
  TestServer server;
  RawConnection one_line(server.port());
  one_line.send("GET / HTTP/1.1\r\nX: " + std::string(65 * 1024, 'a') + "\r\n\r\n");
  expect_refusal(one_line, 431);

  RawConnection target(server.port());
  target.send("GET /" + std::string(65 * 1024, 'a'));
  expect_refusal(target, 431);

  RawConnection fits(server.port());
  EXPECT_EQ(
      fits.exchange("GET / HTTP/1.1\r\nX: " + std::string(60 * 1024, 'a') + "\r\n\r\n").status,
      200);
}

TEST(ServerLimitsTest, AHeaderOfManyLinesIsRefusedHoweverItArrives) {
  TestServer server;
  RawConnection connection(server.port());
  // Each part lets the line before it be parsed, so that no more than a byte is ever pending.
  ASSERT_TRUE(connection.send("GET / HTTP/1.1\r\nX"));
  for (int i = 0; i < 70; ++i) {
    if (!connection.send(": " + std::string(1000, 'a') + "\r\nX")) break;
    std::this_thread::sleep_for(milliseconds(2));
  }
  expect_refusal(connection, 431);
}

TEST(ServerLimitsTest, AChunkHeaderIsBounded) {
  TestServer server;
  RawConnection connection(server.port());
  connection.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;" +
                  std::string(200'000, 'x'));
  expect_refusal(connection, 431);
}

TEST(ServerLimitsTest, AnAnnouncedLargeBodyIsRefusedAtOnce) {
  TestServer server;
  RawConnection connection(server.port());
  connection.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 17825792\r\n\r\n");
  const auto response = connection.read();
  ASSERT_NE(response.status, 0);
  EXPECT_EQ(response.status, 413);
}

TEST(ServerLimitsTest, AClientThatSendsALargeBodyStillReadsTheRefusal) {
  TestServer server;
  RawConnection connection(server.port());
  EXPECT_TRUE(connection.send(post(std::string(17 * kMegabyte, 'x'))));
  connection.finish();
  expect_refusal(connection, 413);
}

TEST(ServerLimitsTest, ALargeChunkedBodyIsRefused) {
  TestServer server;
  RawConnection connection(server.port());
  connection.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 17; ++i) {
    ASSERT_TRUE(connection.send("100000\r\n" + std::string(kMegabyte, 'x') + "\r\n"));
  }
  connection.finish();
  expect_refusal(connection, 413);
}

TEST(ServerLimitsTest, TheLargestBodyIsTaken) {
  TestServer server;
  RawConnection connection(server.port());
  for (int i = 0; i < 2; ++i) {
    const auto response = connection.exchange(post(std::string(16 * kMegabyte, 'x')));
    ASSERT_NE(response.status, 0);
    EXPECT_EQ(response.body.size(), 16 * kMegabyte);
  }
}

TEST(ServerLimitsTest, ARefusedClientCannotSendForEver) {
  ServerOptions options;
  options.body_bytes_max = 64 * 1024;
  TestServer server(echo, options);
  RawConnection connection(server.port());
  ASSERT_TRUE(connection.send("POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n"));
  const std::string part(kMegabyte, 'x');
  int sent = 0;
  while (sent < 500 && connection.send(part)) ++sent;
  EXPECT_LT(sent, 500);
}

TEST(ServerLimitsTest, BodiesInFlightShareABudget) {
  ServerOptions options;
  options.body_bytes_total_max = 100 * 1024;
  std::mutex mutex;
  std::optional<Respond> held;
  TestServer server(
      [&](const Request& /*request*/, Respond respond) {
        const std::lock_guard lock(mutex);
        if (held) {
          respond({});
        } else {
          held = std::move(respond);
        }
      },
      options);
  RawConnection holder(server.port());
  ASSERT_TRUE(holder.send(post(std::string(60 * 1024, 'x'))));
  std::this_thread::sleep_for(milliseconds(100));

  RawConnection refused(server.port());
  refused.send(post(std::string(60 * 1024, 'x')));
  expect_refusal(refused, 503);
  RawConnection small(server.port());
  EXPECT_EQ(small.exchange(post("fits")).status, 200);

  {
    const std::lock_guard lock(mutex);
    (*held)({});
  }
  EXPECT_EQ(holder.read().status, 200);
  RawConnection next(server.port());
  EXPECT_EQ(next.exchange(post(std::string(60 * 1024, 'x'))).status, 200);
}

TEST(ServerLimitsTest, AnAbandonedBodyReturnsItsBudget) {
  ServerOptions options;
  options.body_bytes_total_max = 100 * 1024;
  TestServer server(echo, options);
  for (int i = 0; i < 5; ++i) {
    RawConnection connection(server.port());
    connection.send("POST / HTTP/1.1\r\nContent-Length: 90000\r\n\r\n" + std::string(80'000, 'x'));
    connection.finish();
    EXPECT_TRUE(connection.is_closed());
  }
  RawConnection next(server.port());
  EXPECT_EQ(next.exchange(post(std::string(90'000, 'x'))).status, 200);
}

TEST(ServerLimitsTest, ConnectionsAreLimited) {
  ServerOptions options;
  options.connections_max = 2;
  TestServer server(echo, options);
  RawConnection first(server.port());
  EXPECT_EQ(first.exchange(post("1")).body, "1");
  {
    RawConnection second(server.port());
    EXPECT_EQ(second.exchange(post("2")).body, "2");
    RawConnection third(server.port());
    expect_refusal(third, 503);
    EXPECT_EQ(first.exchange(post("1")).body, "1");
  }
  std::this_thread::sleep_for(milliseconds(100));
  RawConnection fourth(server.port());
  EXPECT_EQ(fourth.exchange(post("4")).body, "4");
}

TEST(ServerLimitsTest, ASlowHeaderTimesOut) {
  TestServer server(echo, short_of_time());
  RawConnection connection(server.port());
  const auto begin = std::chrono::steady_clock::now();
  // A byte now and then does not put the end off.
  for (int i = 0; i < 20; ++i) {
    if (!connection.send("G")) break;
    std::this_thread::sleep_for(milliseconds(30));
  }
  const auto response = connection.read();
  ASSERT_NE(response.status, 0);
  EXPECT_EQ(response.status, 408);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(150));
}

TEST(ServerLimitsTest, ASlowBodyTimesOut) {
  TestServer server(echo, short_of_time());
  RawConnection connection(server.port());
  ASSERT_TRUE(connection.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf"));
  expect_refusal(connection, 408);
}

TEST(ServerLimitsTest, ATimedOutClientThatGoesOnIsHarmless) {
  TestServer server(echo, short_of_time());
  RawConnection connection(server.port());
  ASSERT_TRUE(connection.send("POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\nhalf"));
  EXPECT_EQ(connection.read().status, 408);
  connection.send(std::string(200'000, 'x'));
  connection.finish();
  EXPECT_TRUE(connection.is_closed());
}

TEST(ServerLimitsTest, AnIdleConnectionIsClosedQuietly) {
  TestServer server(echo, short_of_time());
  RawConnection fresh(server.port());
  RawConnection used(server.port());
  EXPECT_EQ(used.exchange(post("x")).status, 200);
  EXPECT_TRUE(fresh.is_closed());
  EXPECT_TRUE(used.is_closed());
}

TEST(ServerLimitsTest, AHandlerMayTakeLongerThanAnyTimeout) {
  std::thread later;
  TestServer server(
      [&](const Request& /*request*/, const Respond& respond) {
        later = std::thread([respond] {
          std::this_thread::sleep_for(milliseconds(500));
          respond({.headers = {}, .body = "at last"});
        });
      },
      short_of_time());
  RawConnection connection(server.port());
  EXPECT_EQ(connection.exchange(post("x")).body, "at last");
  later.join();
}

TEST(ServerLimitsTest, AClientThatDoesNotReadIsCutOff) {
  TestServer server(
      [](const Request& /*request*/, const Respond& respond) {
        respond({.headers = {}, .body = Bytes(30 * kMegabyte, 'z')});
      },
      short_of_time());
  RawConnection connection(server.port());
  ASSERT_TRUE(connection.send(post("x")));
  std::this_thread::sleep_for(milliseconds(600));
  EXPECT_EQ(connection.read().status, 0);
}

TEST(ServerLimitsTest, SurvivesWantOfFileDescriptors) {
#ifdef MILLRACE_SANITIZED
  GTEST_SKIP() << "the sanitizer needs file descriptors to look at memory";
#endif
  TestServer server;
  RawConnection before(server.port());
  EXPECT_EQ(before.exchange(post("x")).status, 200);
  rlimit limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit none = limit;
  // Room for the client's end of one connection, not for the server's.
  const int free_descriptor = dup(0);
  close(free_descriptor);
  none.rlim_cur = static_cast<rlim_t>(free_descriptor) + 1;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  RawConnection starved(server.port());
  ASSERT_TRUE(starved.send(post("patience")));
  rusage begin = {};
  getrusage(RUSAGE_SELF, &begin);
  std::this_thread::sleep_for(milliseconds(400));
  rusage end = {};
  getrusage(RUSAGE_SELF, &end);
  EXPECT_EQ(before.exchange(post("x")).status, 200);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(starved.read().body, "patience");
  const auto microseconds = [](const rusage& usage) {
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000 + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
  };
  EXPECT_LT(microseconds(end) - microseconds(begin), 50'000) << "it spins";
}

}  // namespace
}  // namespace millrace::http
