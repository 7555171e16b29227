#include "http/server.h"

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "base/wake_batch.h"
#include "http/server_testing.h"

namespace millrace::http {
namespace {

TEST(ServerTest, KeepsTheConnectionAlive) {
  TestServer server;
  RawConnection connection(server.port());
  for (int i = 0; i < 3; ++i) {
    const auto response = connection.exchange(post("hello"));
    ASSERT_NE(response.status, 0);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "hello");
    EXPECT_EQ(response.header("content-length"), "5");
    EXPECT_EQ(response.header("Connection"), "");
    EXPECT_TRUE(response.header("Date").ends_with(" GMT"));
  }
}

TEST(ServerTest, GivesTheHandlerTheWholeRequest) {
  Request seen;
  TestServer server([&](Request request, const Respond& respond) {
    seen = std::move(request);
    respond({});
  });
  RawConnection connection(server.port());
  connection.exchange(
      "PUT /a?b=%20 HTTP/1.1\r\nX-One: 1\r\nx-one: 2\r\nContent-Length: 2\r\n\r\nok");
  EXPECT_EQ(seen.method, "PUT");
  EXPECT_EQ(seen.target, "/a?b=%20");
  EXPECT_EQ(seen.header("x-ONE"), "1");
  EXPECT_EQ(seen.header("X-Two"), "");
  EXPECT_EQ(seen.headers.size(), 3U);
  EXPECT_EQ(seen.body, "ok");
  EXPECT_EQ(seen.body_as_sent, "");
  EXPECT_EQ(seen.remote_address, "127.0.0.1");
}

TEST(ServerTest, AnswersPipelinedRequestsInOrder) {
  TestServer server;
  RawConnection connection(server.port());
  std::string all;
  for (int i = 0; i < 100; ++i) all += post("request " + std::to_string(i));
  ASSERT_TRUE(connection.send(all));
  for (int i = 0; i < 100; ++i) {
    const auto response = connection.read();
    ASSERT_NE(response.status, 0);
    EXPECT_EQ(response.body, "request " + std::to_string(i));
  }
}

TEST(ServerTest, TakesAnswersFromAnotherThreadOneRequestAtATime) {
  std::atomic<int> running = 0;
  std::atomic<int> running_max = 0;
  std::vector<std::thread> threads;
  TestServer server([&](Request request, const Respond& respond) {
    running_max = std::max(running_max.load(), ++running);
    threads.emplace_back([&running, respond, body = std::move(request.body)] {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      --running;
      respond({.headers = {}, .body = body});
    });
  });
  RawConnection connection(server.port());
  std::string all;
  for (int i = 0; i < 20; ++i) all += post(std::to_string(i));
  ASSERT_TRUE(connection.send(all));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(connection.read().body, std::to_string(i));
  EXPECT_EQ(running_max, 1);
  for (auto& thread : threads) thread.join();
}

TEST(ServerTest, AnswersOneConnectionFromTheHandlingOfAnother) {
  std::optional<Respond> held;
  ServerOptions options;
  options.threads = 1;
  TestServer server(
      [&](Request request, const Respond& respond) {
        if (request.body == "hold") {
          held = respond;
          return;
        }
        (*held)({.headers = {}, .body = "released"});
        respond({.headers = {}, .body = "releasing"});
      },
      options);
  RawConnection first(server.port());
  RawConnection second(server.port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(first.send(post("hold")));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(second.exchange(post("release")).body, "releasing");
    EXPECT_EQ(first.read().body, "released");
  }
}

TEST(ServerTest, SendsTheAnswersOfAWakeBatchWhenItEnds) {
  constexpr size_t kConnections = 8;  // on both threads
  std::mutex mutex;
  std::map<std::string, Respond> held;
  TestServer server([&](Request request, const Respond& respond) {
    const std::lock_guard lock(mutex);
    held[request.body] = respond;
  });
  std::vector<std::unique_ptr<RawConnection>> connections;
  for (size_t i = 0; i < kConnections; ++i) {
    connections.push_back(std::make_unique<RawConnection>(server.port()));
    ASSERT_TRUE(connections.back()->send(post(std::to_string(i))));
  }
  const auto all_held = [&] {
    const std::lock_guard lock(mutex);
    return held.size() == kConnections;
  };
  while (!all_held()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  {
    const WakeBatch batch;
    for (const auto& [body, respond] : held) respond({.headers = {}, .body = body});
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    for (const auto& connection : connections) EXPECT_FALSE(connection->has_bytes());
  }
  for (size_t i = 0; i < kConnections; ++i) {
    EXPECT_EQ(connections[i]->read().body, std::to_string(i));
  }
}

TEST(ServerTest, AnswersFor500WhenTheHandlerDropsTheRequest) {
  TestServer server([](const Request& /*request*/, const Respond& /*respond*/) {});
  RawConnection connection(server.port());
  EXPECT_EQ(connection.exchange(post("x")).status, 500);
  EXPECT_EQ(connection.exchange(post("x")).status, 500);
}

TEST(ServerTest, AnAnswerToADeadConnectionIsHarmless) {
  std::mutex mutex;
  std::vector<Respond> held;
  {
    TestServer server([&](const Request& /*request*/, Respond respond) {
      const std::lock_guard lock(mutex);
      held.push_back(std::move(respond));
    });
    for (int i = 0; i < 2; ++i) {
      RawConnection connection(server.port());
      connection.send(post("x"));
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    const std::lock_guard lock(mutex);
    ASSERT_EQ(held.size(), 2U);
    held.front()({});
  }
  held.back()({});
}

TEST(ServerTest, TakesChunkedBodiesButNotTheirTrailers) {
  TestServer server([](Request request, const Respond& respond) {
    EXPECT_EQ(request.header("X-Trailer"), "");
    echo(std::move(request), respond);
  });
  RawConnection connection(server.port());
  const std::string_view head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  ASSERT_TRUE(connection.send(head));
  ASSERT_TRUE(connection.send("5\r\nhello\r\n6;x=y\r\n wo"));
  EXPECT_EQ(connection.exchange("rld\r\n0\r\nX-Trailer: 1\r\n\r\n").body, "hello world");
  EXPECT_EQ(connection.exchange(post("next")).body, "next");
}

TEST(ServerTest, AByteAtATimeIsStillARequest) {
  TestServer server;
  RawConnection connection(server.port());
  for (const char byte : post("slow", "X-A: b\r\n")) {
    ASSERT_TRUE(connection.send({&byte, 1}));
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  EXPECT_EQ(connection.read().body, "slow");
}

TEST(ServerTest, TellsAClientThatAsksToContinue) {
  TestServer server;
  RawConnection connection(server.port());
  ASSERT_TRUE(
      connection.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"));
  EXPECT_EQ(connection.read_exactly(25), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(connection.exchange("body").body, "body");
}

TEST(ServerTest, DoesNotTellAClientToContinueThatHasSentAll) {
  TestServer server;
  RawConnection connection(server.port());
  EXPECT_EQ(connection.exchange(post("body", "Expect: 100-continue\r\n")).status, 200);
}

TEST(ServerTest, AnswersHeadWithoutABody) {
  TestServer server([](const Request& /*request*/, const Respond& respond) {
    respond({.headers = {}, .body = "twelve bytes"});
  });
  RawConnection connection(server.port());
  ASSERT_TRUE(connection.send("HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(connection.read(true).header("Content-Length"), "12");
  EXPECT_EQ(connection.read().body, "twelve bytes");
}

TEST(ServerTest, ClosesAfterHttp10UnlessAskedToKeepAlive) {
  TestServer server;
  RawConnection kept(server.port());
  EXPECT_EQ(kept.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("Connection"),
            "keep-alive");
  EXPECT_EQ(kept.exchange("GET / HTTP/1.0\r\n\r\n").header("Connection"), "close");
  EXPECT_TRUE(kept.is_closed());
}

TEST(ServerTest, ClosesWhenTheClientOrTheHandlerSaysSo) {
  TestServer server([](const Request& request, const Respond& respond) {
    respond({.headers = {}, .body = "", .close = request.body == "close"});
  });
  RawConnection asked(server.port());
  EXPECT_EQ(asked.exchange(post("x", "Connection: close\r\n")).header("Connection"), "close");
  EXPECT_TRUE(asked.is_closed());
  RawConnection told(server.port());
  EXPECT_EQ(told.exchange(post("close")).header("Connection"), "close");
  EXPECT_TRUE(told.is_closed());
}

TEST(ServerTest, AnswersAClientThatHasFinishedSending) {
  TestServer server;
  RawConnection connection(server.port());
  ASSERT_TRUE(connection.send(post("last")));
  connection.finish();
  EXPECT_EQ(connection.read().body, "last");
  EXPECT_TRUE(connection.is_closed());
}

TEST(ServerTest, WritesALargeResponseToASlowReader) {
  TestServer server([](const Request& /*request*/, const Respond& respond) {
    respond({.headers = {}, .body = Bytes(30 << 20, 'z')});
  });
  RawConnection connection(server.port());
  ASSERT_TRUE(connection.send(post("x") + post("y")));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(connection.read().body.size(), 30U << 20);
  EXPECT_EQ(connection.read().body.size(), 30U << 20);
}

TEST(ServerTest, SpreadsAFewConnectionsEvenlyOverTheThreads) {
  std::mutex mutex;
  std::map<std::thread::id, int> requests;
  TestServer server([&](const Request& /*request*/, const Respond& respond) {
    {
      const std::lock_guard lock(mutex);
      ++requests[std::this_thread::get_id()];
    }
    respond({});
  });
  std::vector<std::unique_ptr<RawConnection>> connections;
  for (int i = 0; i < 4; ++i) {
    connections.push_back(std::make_unique<RawConnection>(server.port()));
    EXPECT_EQ(connections.back()->exchange(post("")).status, 200);
  }
  ASSERT_EQ(requests.size(), 2U);
  for (const auto& [thread, count] : requests) EXPECT_EQ(count, 2);
}

TEST(ServerTest, SaysWhyItCannotListen) {
  TestServer server;
  ScriptedHandler handler(echo);
  ServerOptions options;
  options.port = server.port();
  const auto taken = Server::listen(options, handler);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(
      const_cast<Result<std::unique_ptr<Server>>&>(taken).error().message,
      "cannot listen on 127.0.0.1:" + std::to_string(server.port()) + ": Address already in use");
  options.host = "nowhere";
  auto unknown = Server::listen(options, handler);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().message, "cannot listen on nowhere:" + std::to_string(server.port()) +
                                         ": the host must be an IP address or localhost");
}

}  // namespace
}  // namespace millrace::http
