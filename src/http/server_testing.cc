#include "http/server_testing.h"

#include <poll.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "http/response_parser.h"

namespace millrace::http {
namespace {

constexpr int kPatienceMilliseconds = 10'000;

}  // namespace

Response ScriptedHandler::refuse(int status, std::string_view reason) {
  return {.status = status, .headers = {}, .body = Bytes(reason)};
}

void echo(Request request, const Respond& respond) {
  respond({.headers = {}, .body = std::move(request.body)});
}

TestServer::TestServer(ScriptedHandler::Script script, ServerOptions options)
    : handler_(std::move(script)) {
  options.port = 0;
  if (options.threads == 0) options.threads = 2;
  auto server = Server::listen(std::move(options), handler_);
  EXPECT_TRUE(server.ok());
  server_ = std::move(server).value();
  server_->start();
}

RawConnection::RawConnection(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // The one cast that the interface of sockets asks for.
  const auto* general = reinterpret_cast<const sockaddr*>(&address);
  EXPECT_EQ(connect(socket_, general, sizeof(address)), 0);
}

RawConnection::~RawConnection() {
  close(socket_);
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void RawConnection::finish() {
  shutdown(socket_, SHUT_WR);
}

bool RawConnection::receive() {
  pollfd waiting = {.fd = socket_, .events = POLLIN, .revents = 0};
  const int ready = poll(&waiting, 1, kPatienceMilliseconds);
  EXPECT_EQ(ready, 1) << "the server is silent";
  if (ready != 1) return false;
  char block[65536];
  const ssize_t received = recv(socket_, block, sizeof(block), 0);
  if (received <= 0) return false;
  incoming_.append(block, static_cast<size_t>(received));
  return true;
}

Response RawConnection::read(bool head) {
  ResponseParser parser(head);
  do {
    if (!incoming_.empty()) {
      EXPECT_TRUE(parser.parse(incoming_)) << incoming_;
    }
    if (parser.is_done()) return std::move(parser.response());
  } while (receive());
  return {.status = 0, .headers = {}, .body = {}};
}

Response RawConnection::exchange(std::string_view bytes) {
  EXPECT_TRUE(send(bytes));
  return read();
}

std::string RawConnection::read_exactly(size_t size) {
  while (incoming_.size() < size && receive()) {
  }
  std::string front = incoming_.substr(0, size);
  incoming_.erase(0, size);
  return front;
}

bool RawConnection::has_bytes() const {
  char byte = 0;
  return !incoming_.empty() || ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool RawConnection::is_closed() {
  return incoming_.empty() && !receive() && incoming_.empty();
}

std::string post(std::string_view body, std::string_view headers) {
  return "POST / HTTP/1.1\r\nHost: test\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace millrace::http
