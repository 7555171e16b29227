// TLS over a socket that does not block, by OpenSSL: it never waits, but says what to wait for.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/bytes.h"

struct ssl_st;
struct ssl_ctx_st;

namespace millrace::http {

// Does not own the socket. For one thread at a time.
class TlsSession {
 public:
  enum class Role { kServer, kClient };
  enum class Outcome {
    kDone,
    kAgain,      // call again: for fairness it did not go on by itself
    kWantRead,   // call again when the socket can be read
    kWantWrite,  // call again when the socket can be written
    kEnd,        // the peer sends no more, and said so
    kFailed,     // failure() tells why; the session is of no use any more
  };

  TlsSession(ssl_ctx_st* context, int socket, Role role);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // Of a client, before the handshake: the name or address that the server's certificate must have.
  // False when it can be neither.
  [[nodiscard]] bool expect_peer(const std::string& host);

  [[nodiscard]] Outcome handshake();
  // At most `size` bytes, and with kDone at least one.
  [[nodiscard]] Outcome read(char* to, size_t size, size_t& bytes);
  // Part of `from`, which is not empty, with kDone at least one byte. After any other outcome the
  // next call must be with the same bytes.
  [[nodiscard]] Outcome write(ByteView from, size_t& bytes);
  // Whether read() may have something although the socket has not.
  [[nodiscard]] bool has_pending() const;
  // Tells the peer that nothing more comes, as far as the kernel takes it at once. Not while a
  // write is unfinished, nor before the handshake is done: harmless then.
  void say_goodbye();

  // After kFailed.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  // What came was a plain HTTP request. After a failed handshake.
  [[nodiscard]] bool got_plain_http() const { return got_plain_http_; }

  // These hold once the handshake is done.
  [[nodiscard]] std::string version() const;  // "TLSv1.3"
  [[nodiscard]] std::string cipher_suite() const;
  // The common name of the peer's certificate, which is verified; empty: it has none.
  [[nodiscard]] std::string peer_name() const;

 private:
  [[nodiscard]] Outcome outcome_of(int returned);

  struct Free {
    void operator()(ssl_st* session) const;
  };
  std::unique_ptr<ssl_st, Free> session_;
  bool handshake_done_ = false;
  bool writing_ = false;  // a write is to be repeated
  bool got_plain_http_ = false;
  std::string failure_;
};

// What OpenSSL's queue of errors of this thread says first, and empties it.
[[nodiscard]] std::string take_tls_error();

}  // namespace millrace::http
