#include "http/client.h"

#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include "http/server_testing.h"

namespace millrace::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience(10'000);

Request request_of(Bytes body) {
  return {.method = "POST", .target = "/", .headers = {{"X-A", "b"}}, .body = std::move(body)};
}

TEST(ClientTest, SendsAndReceivesOverOneConnection) {
  TestServer server;
  Client client("127.0.0.1", server.port(), kPatience);
  for (const size_t size : {size_t{0}, size_t{10}, size_t{5'000'000}, size_t{1}}) {
    auto response = client.send(request_of(Bytes(size, 'c')));
    ASSERT_TRUE(response.ok()) << response.error().message;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, Bytes(size, 'c'));
  }
}

TEST(ClientTest, IsStoppedWhileItWaits) {
  std::optional<Respond> held;
  TestServer server(
      [&](const Request& /*request*/, Respond respond) { held = std::move(respond); });
  const int stop = eventfd(0, EFD_CLOEXEC);
  std::thread stopper([stop] {
    std::this_thread::sleep_for(milliseconds(50));
    eventfd_write(stop, 1);
  });
  Client client("127.0.0.1", server.port(), kPatience, stop);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(client.send(request_of("x")).ok());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kPatience / 2);
  stopper.join();
  close(stop);
}

TEST(ClientTest, OpensANewConnectionAfterTheServerClosedTheOld) {
  ServerOptions options;
  options.idle_timeout = milliseconds(50);
  TestServer server(echo, options);
  Client client("127.0.0.1", server.port(), kPatience);
  EXPECT_TRUE(client.send(request_of("1")).ok());
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_TRUE(client.send(request_of("2")).ok());
}

TEST(ClientTest, ReadsARefusalOfABodyItIsStillSending) {
  TestServer server;
  Client client("localhost", server.port(), kPatience);
  auto response = client.send(request_of(Bytes(17 << 20, 'x')));
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->status, 413);
  EXPECT_TRUE(client.send(request_of("next")).ok());
}

TEST(ClientTest, TimesOut) {
  std::optional<Respond> held;
  TestServer server(
      [&](const Request& /*request*/, Respond respond) { held = std::move(respond); });
  Client client("127.0.0.1", server.port(), milliseconds(100));
  auto response = client.send(request_of("x"));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().message, "no response from 127.0.0.1:" +
                                          std::to_string(server.port()) + ": Connection timed out");
}

TEST(ClientTest, SaysThatNobodyListens) {
  uint16_t port = 0;
  {
    TestServer server;
    port = server.port();
  }
  Client client("127.0.0.1", port, kPatience);
  auto response = client.send(request_of("x"));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().message,
            "cannot connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
}

}  // namespace
}  // namespace millrace::http
