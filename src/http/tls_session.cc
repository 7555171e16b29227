#include "http/tls_session.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <system_error>

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/check.h"
#include "http/socket_bio.h"

namespace millrace::http {
namespace {

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored;
  return inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

std::string common_name(X509* certificate) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (place < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)));
  if (size < 0) return {};
  // A name with a zero byte would read as another one somewhere.
  std::string name(utf8, utf8 + size);
  OPENSSL_free(utf8);
  return name.find('\0') == std::string::npos ? name : std::string();
}

}  // namespace

std::string take_tls_error() {
  const auto code = ERR_get_error();
  const int system_error = errno;
  ERR_clear_error();
  if (code == 0) {
    return system_error == 0 ? "the connection was closed"
                             : std::generic_category().message(system_error);
  }
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "TLS error" : reason;
}

void TlsSession::Free::operator()(ssl_st* session) const {
  SSL_free(session);
}

TlsSession::TlsSession(ssl_ctx_st* context, int socket, Role role) : session_(SSL_new(context)) {
  MILLRACE_CHECK(session_ != nullptr);
  BIO* bio = make_socket_bio(socket);
  SSL_set_bio(session_.get(), bio, bio);
  if (role == Role::kServer) {
    SSL_set_accept_state(session_.get());
  } else {
    SSL_set_connect_state(session_.get());
  }
}

TlsSession::~TlsSession() = default;

bool TlsSession::expect_peer(const std::string& host) {
  SSL_set_hostflags(session_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (is_address(host)) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session_.get()), host.c_str()) == 1;
  }
  return SSL_set1_host(session_.get(), host.c_str()) == 1 &&
         SSL_ctrl(session_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                  const_cast<char*>(host.c_str())) == 1;
}

TlsSession::Outcome TlsSession::outcome_of(int returned) {
  switch (SSL_get_error(session_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return is_drained(SSL_get_rbio(session_.get())) ? Outcome::kWantRead : Outcome::kAgain;
    case SSL_ERROR_WANT_WRITE:
      return Outcome::kWantWrite;
    case SSL_ERROR_ZERO_RETURN:
      return Outcome::kEnd;
    default:
      break;
  }
  const auto reason = ERR_GET_REASON(ERR_peek_error());
  got_plain_http_ = !handshake_done_ && ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_SSL &&
                    reason == SSL_R_HTTP_REQUEST;
  const auto verified = SSL_get_verify_result(session_.get());
  const bool unverified = reason == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK;
  failure_ = take_tls_error();
  if (unverified) failure_ += std::string(": ") + X509_verify_cert_error_string(verified);
  return Outcome::kFailed;
}

TlsSession::Outcome TlsSession::handshake() {
  ERR_clear_error();
  errno = 0;
  const int returned = SSL_do_handshake(session_.get());
  if (returned != 1) return outcome_of(returned);
  handshake_done_ = true;
  return Outcome::kDone;
}

TlsSession::Outcome TlsSession::read(char* to, size_t size, size_t& bytes) {
  ERR_clear_error();
  errno = 0;
  const int returned = SSL_read_ex(session_.get(), to, size, &bytes);
  return returned == 1 ? Outcome::kDone : outcome_of(returned);
}

TlsSession::Outcome TlsSession::write(ByteView from, size_t& bytes) {
  ERR_clear_error();
  errno = 0;
  const int returned = SSL_write_ex(session_.get(), from.data(), from.size(), &bytes);
  writing_ = returned != 1;
  return returned == 1 ? Outcome::kDone : outcome_of(returned);
}

bool TlsSession::has_pending() const {
  return SSL_has_pending(session_.get()) == 1;
}

void TlsSession::say_goodbye() {
  if (!handshake_done_ || writing_ || !failure_.empty()) return;
  SSL_shutdown(session_.get());
  ERR_clear_error();
}

std::string TlsSession::version() const {
  return SSL_get_version(session_.get());
}

std::string TlsSession::cipher_suite() const {
  return SSL_get_cipher_name(session_.get());
}

std::string TlsSession::peer_name() const {
  if (SSL_get_verify_result(session_.get()) != X509_V_OK) return {};
  X509* certificate = SSL_get0_peer_certificate(session_.get());
  return certificate == nullptr ? std::string() : common_name(certificate);
}

}  // namespace millrace::http
