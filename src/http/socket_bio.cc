#include "http/socket_bio.h"

#include <cerrno>

#include <openssl/bio.h>
#include <sys/socket.h>

#include "base/check.h"

namespace millrace::http {
namespace {

struct SocketState {
  int socket;
  bool drained = false;
};

SocketState& state_of(BIO* bio) {
  return *static_cast<SocketState*>(BIO_get_data(bio));
}

bool may_retry(ssize_t moved) {
  return moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

int read_socket(BIO* bio, char* to, int size) {
  SocketState& state = state_of(bio);
  BIO_clear_retry_flags(bio);
  const ssize_t received = recv(state.socket, to, static_cast<size_t>(size), MSG_DONTWAIT);
  state.drained = may_retry(received);
  if (state.drained) BIO_set_retry_read(bio);
  return static_cast<int>(received);
}

int write_socket(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent =
      send(state_of(bio).socket, from, static_cast<size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (may_retry(sent)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

// NOLINTNEXTLINE(google-runtime-int): OpenSSL's type.
long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int destroy(BIO* bio) {
  delete static_cast<SocketState*>(BIO_get_data(bio));
  BIO_set_data(bio, nullptr);
  return 1;
}

BIO_METHOD* make_method() {
  BIO_METHOD* method =
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR, "socket");
  MILLRACE_CHECK(method != nullptr);
  BIO_meth_set_read(method, read_socket);
  BIO_meth_set_write(method, write_socket);
  BIO_meth_set_ctrl(method, control);
  BIO_meth_set_destroy(method, destroy);
  return method;
}

}  // namespace

bio_st* make_socket_bio(int socket) {
  static BIO_METHOD* const method = make_method();
  BIO* bio = BIO_new(method);
  MILLRACE_CHECK(bio != nullptr);
  BIO_set_data(bio, new SocketState{socket});
  BIO_set_init(bio, 1);
  return bio;
}

bool is_drained(bio_st* bio) {
  return state_of(bio).drained;
}

}  // namespace millrace::http
