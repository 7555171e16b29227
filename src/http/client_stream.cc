#include "http/client_stream.h"

#include <array>
#include <cerrno>
#include <netdb.h>
#include <poll.h>
#include <system_error>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace millrace::http {
namespace {

using Deadline = ClientStream::Deadline;
using Outcome = TlsSession::Outcome;

Error failure(std::string why) {
  return {ErrorCode::kServiceUnavailableException, std::move(why)};
}

Error failure(int error) {
  return failure(std::generic_category().message(error));
}

// 0 or an errno: ECANCELED when there is something to read from `stop`.
int await_events(int socket, short events, Deadline deadline, int stop) {
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
    if (error == EINPROGRESS) error = await_events(made, POLLOUT, deadline, stop);
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

// Of a system call that gave `moved`.
Outcome outcome_of(ssize_t moved, Outcome wanted, size_t& bytes, int& error) {
  bytes = moved > 0 ? static_cast<size_t>(moved) : 0;
  error = errno;
  if (moved > 0) return Outcome::kDone;
  if (moved == 0) return Outcome::kEnd;
  if (error == EINTR) return Outcome::kAgain;
  return error == EAGAIN ? wanted : Outcome::kFailed;
}

}  // namespace

Status ClientStream::connect(const std::string& host, const std::string& port, Deadline deadline) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int resolved = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (resolved != 0) return failure(gai_strerror(resolved));
  int error = ECONNREFUSED;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    error = connect_to(*each, deadline, stop_descriptor_, socket_);
    if (error == 0) break;
  }
  freeaddrinfo(found);
  if (error != 0) return failure(error);
  Status ready = context_ ? begin_tls(host, deadline) : Done{};
  if (!ready.ok()) disconnect();
  return ready;
}

Status ClientStream::begin_tls(const std::string& host, Deadline deadline) {
  tls_ = std::make_unique<TlsSession>(context_->get(), socket_, TlsSession::Role::kClient);
  if (!tls_->expect_peer(host)) return failure("no certificate can be for such a name");
  for (;;) {
    const Outcome outcome = tls_->handshake();
    if (outcome == Outcome::kDone) return Done{};
    TRY(await(outcome, deadline));
  }
}

void ClientStream::disconnect() {
  if (tls_) tls_->say_goodbye();
  tls_.reset();
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

bool ClientStream::is_stale() {
  char byte = 0;
  if (!tls_) return recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
  size_t received = 0;
  // Tickets may have come.
  Outcome outcome = Outcome::kAgain;
  while (outcome == Outcome::kAgain) outcome = tls_->read(&byte, 1, received);
  return outcome != Outcome::kWantRead;
}

Status ClientStream::await(Outcome outcome, Deadline deadline) {
  switch (outcome) {
    case Outcome::kWantRead:
    case Outcome::kWantWrite: {
      const short events = outcome == Outcome::kWantRead ? POLLIN : POLLOUT;
      const int error = await_events(socket_, events, deadline, stop_descriptor_);
      if (error != 0) return failure(error);
      return Done{};
    }
    case Outcome::kEnd:
      return failure("the connection was closed");
    case Outcome::kFailed:
      return tls_ ? failure(tls_->failure()) : failure(error_);
    case Outcome::kDone:
    case Outcome::kAgain:
      break;
  }
  return Done{};
}

Outcome ClientStream::write_once(ByteView bytes, size_t& written) {
  if (tls_) return tls_->write(bytes, written);
  return outcome_of(send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL), Outcome::kWantWrite,
                    written, error_);
}

Outcome ClientStream::read_once(char* to, size_t size, size_t& received) {
  if (tls_) return tls_->read(to, size, received);
  return outcome_of(recv(socket_, to, size, 0), Outcome::kWantRead, received, error_);
}

Status ClientStream::write(ByteView bytes, Deadline deadline) {
  while (!bytes.empty()) {
    size_t written = 0;
    const Outcome outcome = write_once(bytes, written);
    if (outcome == Outcome::kDone) {
      bytes.remove_prefix(written);
    } else {
      TRY(await(outcome, deadline));
    }
  }
  return Done{};
}

Result<size_t> ClientStream::read_some(char* to, size_t size, Deadline deadline) {
  for (;;) {
    size_t received = 0;
    const Outcome outcome = read_once(to, size, received);
    if (outcome == Outcome::kDone) return received;
    if (outcome == Outcome::kEnd) return size_t{0};
    TRY(await(outcome, deadline));
  }
}

}  // namespace millrace::http
