#include "http/client.h"

#include <array>
#include <cerrno>
#include <netdb.h>
#include <poll.h>
#include <system_error>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "http/response_parser.h"

namespace millrace::http {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

constexpr size_t kReadBytes = 64 * 1024;

std::string error_text(int error) {
  return std::generic_category().message(error);
}

// 0 or an errno: ECANCELED when there is something to read from `stop`.
int await(int socket, short events, Deadline deadline, int stop) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return ETIMEDOUT;
    std::array<pollfd, 2> waiting = {{{.fd = socket, .events = events, .revents = 0},
                                      {.fd = stop, .events = POLLIN, .revents = 0}}};
    const int ready = poll(waiting.data(), waiting.size(), static_cast<int>(left.count()));
    if (ready > 0) return waiting[1].revents != 0 ? ECANCELED : 0;
    if (ready < 0 && errno != EINTR) return errno;
  }
}

// 0 or an errno.
int connect_to(const addrinfo& address, Deadline deadline, int stop, int& connected) {
  const int made = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (made < 0) return errno;
  int error = 0;
  if (connect(made, address.ai_addr, address.ai_addrlen) != 0) {
    error = errno;
    if (error == EINPROGRESS) error = await(made, POLLOUT, deadline, stop);
    socklen_t size = sizeof(error);
    if (error == 0) getsockopt(made, SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error != 0) {
    close(made);
    return error;
  }
  const int on = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  connected = made;
  return 0;
}

}  // namespace

Client::Client(std::string host, uint16_t port, std::chrono::milliseconds timeout,
               int stop_descriptor)
    : host_(std::move(host)),
      port_(std::to_string(port)),
      timeout_(timeout),
      stop_descriptor_(stop_descriptor) {}

Client::~Client() {
  disconnect();
}

void Client::disconnect() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

Error Client::failure(std::string_view what, std::string_view why) const {
  return {ErrorCode::kServiceUnavailableException,
          std::string(what) + " " + host_ + ":" + port_ + ": " + std::string(why)};
}

bool Client::is_stale() {
  char byte = 0;
  return recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
}

Status Client::connect(Deadline deadline) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int resolved = getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found);
  if (resolved != 0) return failure("cannot resolve", gai_strerror(resolved));
  int error = ECONNREFUSED;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    error = connect_to(*each, deadline, stop_descriptor_, socket_);
    if (error == 0) break;
  }
  freeaddrinfo(found);
  if (error != 0) return failure("cannot connect to", error_text(error));
  return Done{};
}

Result<Response> Client::send(const Request& request) {
  const Deadline deadline = std::chrono::steady_clock::now() + timeout_;
  outgoing_ = request.method + " " + request.target + " HTTP/1.1\r\n";
  if (request.header("Host").empty()) outgoing_ += "Host: " + host_ + ":" + port_ + "\r\n";
  for (const Header& header : request.headers) {
    outgoing_.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  outgoing_.append("Content-Length: ").append(std::to_string(request.body.size()));
  outgoing_.append("\r\n\r\n").append(request.body);

  if (socket_ >= 0 && is_stale()) disconnect();
  if (socket_ < 0) TRY(connect(deadline));
  Status written = write(deadline);
  // A server that refuses a request answers before it has read it all.
  Result<Response> response = read(request.method == "HEAD", deadline);
  if (!written.ok() || !response.ok()) disconnect();
  if (!written.ok() && !response.ok()) return written.error();
  return response;
}

Status Client::write(Deadline deadline) {
  ByteView rest = outgoing_;
  while (!rest.empty()) {
    const ssize_t sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      rest.remove_prefix(static_cast<size_t>(sent));
      continue;
    }
    int error = errno;
    if (error == EAGAIN) error = await(socket_, POLLOUT, deadline, stop_descriptor_);
    if (error != 0 && error != EINTR) return failure("cannot send to", error_text(error));
  }
  return Done{};
}

Result<Response> Client::read(bool head, Deadline deadline) {
  ResponseParser parser(head);
  incoming_.clear();
  block_.resize(kReadBytes);
  while (!parser.is_done()) {
    const ssize_t received = recv(socket_, block_.data(), block_.size(), 0);
    if (received < 0) {
      int error = errno;
      if (error == EAGAIN) error = await(socket_, POLLIN, deadline, stop_descriptor_);
      if (error != 0 && error != EINTR) return failure("no response from", error_text(error));
      continue;
    }
    if (received == 0) {
      if (!parser.finish()) return failure("no response from", "the connection was closed");
      break;
    }
    incoming_.append(block_, 0, static_cast<size_t>(received));
    if (!parser.parse(incoming_)) return failure("no response from", "it is not valid HTTP");
  }
  if (!parser.keep_alive()) disconnect();
  return std::move(parser.response());
}

}  // namespace millrace::http
