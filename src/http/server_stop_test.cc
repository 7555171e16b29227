#include <thread>

#include <gtest/gtest.h>

#include "http/server.h"
#include "http/server_testing.h"

namespace millrace::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLong(10'000);

TEST(ServerStopTest, ClosesIdleConnectionsAtOnce) {
  TestServer server;
  RawConnection idle(server.port());
  EXPECT_EQ(idle.exchange(post("x")).status, 200);
  RawConnection fresh(server.port());
  const auto begin = steady_clock::now();
  server.server().stop(kLong);
  EXPECT_LT(steady_clock::now() - begin, milliseconds(1000));
  EXPECT_TRUE(idle.is_closed());
  EXPECT_TRUE(fresh.is_closed());
  server.server().stop(kLong);
}

TEST(ServerStopTest, FinishesWhatIsInFlight) {
  std::thread later;
  TestServer server([&](Request request, const Respond& respond) {
    later = std::thread([respond, body = std::move(request.body)] {
      std::this_thread::sleep_for(milliseconds(200));
      respond({.headers = {}, .body = body});
    });
  });
  RawConnection connection(server.port());
  ASSERT_TRUE(connection.send(post("first") + post("second")));
  std::this_thread::sleep_for(milliseconds(50));
  std::thread stopping([&] { server.server().stop(kLong); });
  const auto response = connection.read();
  ASSERT_NE(response.status, 0);
  EXPECT_EQ(response.body, "first");
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_TRUE(connection.is_closed());
  stopping.join();
  later.join();
}

TEST(ServerStopTest, WaitsForARequestThatIsStillArriving) {
  TestServer server;
  RawConnection connection(server.port());
  const std::string request = post("whole");
  ASSERT_TRUE(connection.send(request.substr(0, 20)));
  std::this_thread::sleep_for(milliseconds(50));
  std::thread stopping([&] { server.server().stop(kLong); });
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(connection.exchange(request.substr(20)).body, "whole");
  stopping.join();
}

TEST(ServerStopTest, CutsOffAfterTheGrace) {
  std::optional<Respond> held;
  TestServer server(
      [&](const Request& /*request*/, Respond respond) { held = std::move(respond); });
  RawConnection connection(server.port());
  ASSERT_TRUE(connection.send(post("x")));
  std::this_thread::sleep_for(milliseconds(50));
  const auto begin = steady_clock::now();
  server.server().stop(milliseconds(100));
  EXPECT_GE(steady_clock::now() - begin, milliseconds(100));
  EXPECT_LT(steady_clock::now() - begin, milliseconds(2000));
  EXPECT_TRUE(connection.is_closed());
  (*held)({});
}

TEST(ServerStopTest, AcceptsNoMore) {
  TestServer server;
  const uint16_t port = server.port();
  server.server().stop(milliseconds(0));
  ServerOptions options;
  options.port = port;
  ScriptedHandler handler(echo);
  EXPECT_TRUE(Server::listen(options, handler).ok());
}

TEST(ServerStopTest, AServerThatNeverStartedStops) {
  ScriptedHandler handler(echo);
  ServerOptions options;
  options.port = 0;
  auto server = Server::listen(options, handler);
  ASSERT_TRUE(server.ok());
  (*server)->stop(kLong);
}

}  // namespace
}  // namespace millrace::http
