#include "http/tls_testing.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <unistd.h>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "http/response_parser.h"

namespace millrace::http {
namespace {

constexpr int kPatienceSeconds = 10;

Validity validity() {
  return {.from_seconds = time(nullptr) - 60, .days = 2};
}

}  // namespace

TestCertificates::TestCertificates() : authority_(*make_authority("Test CA", validity())) {
  std::string path = std::filesystem::temp_directory_path() / "millrace-tls-XXXXXX";
  EXPECT_NE(mkdtemp(path.data()), nullptr);
  directory_ = path;
  write("ca.pem", authority_.certificate);
  make_server({"localhost", "127.0.0.1"});
  const auto alice = *issue_client_certificate(authority_, "alice", validity());
  write("alice.pem", alice.certificate);
  write("alice-key.pem", alice.key);
}

TestCertificates::~TestCertificates() {
  std::filesystem::remove_all(directory_);
}

void TestCertificates::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
}

void TestCertificates::make_server(const std::vector<std::string>& names) const {
  const auto made = *issue_server_certificate(authority_, names, validity());
  write("server.pem", made.certificate);
  write("server-key.pem", made.key);
}

TlsOptions TestCertificates::server_options() const {
  return {.certificate_file = path("server.pem"),
          .key_file = path("server-key.pem"),
          .client_ca_file = {},
          .require_client_certificate = false};
}

TlsClient::TlsClient(uint16_t port, const Options& options)
    : context_(SSL_CTX_new(TLS_client_method())), socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  if (options.version_max != 0) SSL_CTX_set_max_proto_version(context_, options.version_max);
  SSL_CTX_set_security_level(context_, 0);
  SSL_CTX_set_options(context_, SSL_OP_LEGACY_SERVER_CONNECT);
  if (!options.ciphers.empty()) SSL_CTX_set_cipher_list(context_, options.ciphers.c_str());
  if (options.certificate_file) {
    EXPECT_EQ(SSL_CTX_use_certificate_chain_file(context_, options.certificate_file->c_str()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context_, options.key_file->c_str(), SSL_FILETYPE_PEM),
              1);
  }
  const timeval patience = {.tv_sec = kPatienceSeconds, .tv_usec = 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // The one cast that the interface of sockets asks for.
  const auto* general = reinterpret_cast<const sockaddr*>(&address);
  EXPECT_EQ(connect(socket_, general, sizeof(address)), 0);
  tls_ = SSL_new(context_);
  SSL_set_fd(tls_, socket_);
  if (!options.protocols.empty()) {
    SSL_set_alpn_protos(tls_, reinterpret_cast<const unsigned char*>(options.protocols.data()),
                        static_cast<unsigned int>(options.protocols.size()));
  }
  if (options.session != nullptr) SSL_set_session(tls_, options.session);
  connected_ = SSL_connect(tls_) == 1;
  ERR_clear_error();
}

TlsClient::~TlsClient() {
  SSL_free(tls_);
  SSL_CTX_free(context_);
  close(socket_);
}

bool TlsClient::send(std::string_view bytes) {
  return SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) ==
         static_cast<int>(bytes.size());
}

std::string TlsClient::read(size_t size) {
  std::string all;
  char block[16384];
  while (all.size() < size) {
    const int got = SSL_read(tls_, block, static_cast<int>(std::min(sizeof(block), size)));
    if (got <= 0) {
      ended_cleanly_ = SSL_get_error(tls_, got) == SSL_ERROR_ZERO_RETURN;
      break;
    }
    all.append(block, static_cast<size_t>(got));
  }
  ERR_clear_error();
  return all;
}

Response TlsClient::exchange(std::string_view request) {
  if (!send(request)) return {.status = 0, .headers = {}, .body = {}};
  ResponseParser parser(false);
  std::string incoming;
  char block[16384];
  while (!parser.is_done()) {
    const int got = SSL_read(tls_, block, sizeof(block));
    if (got <= 0) return {.status = 0, .headers = {}, .body = {}};
    incoming.append(block, static_cast<size_t>(got));
    EXPECT_TRUE(parser.parse(incoming));
  }
  return std::move(parser.response());
}

std::string TlsClient::protocol() const {
  const unsigned char* chosen = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(tls_, &chosen, &size);
  return {chosen, chosen + size};
}

std::string TlsClient::version() const {
  return SSL_get_version(tls_);
}

std::string TlsClient::server_names() const {
  X509* certificate = SSL_get0_peer_certificate(tls_);
  if (certificate == nullptr) return {};
  BIO* out = BIO_new(BIO_s_mem());
  const int place = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1);
  X509V3_EXT_print(out, X509_get_ext(certificate, place), 0, 0);
  char text[1024];
  const int size = BIO_read(out, text, sizeof(text));
  BIO_free(out);
  return {text, static_cast<size_t>(std::max(size, 0))};
}

ssl_session_st* TlsClient::session() {
  return SSL_get1_session(tls_);
}

bool TlsClient::resumed() const {
  return SSL_session_reused(tls_) == 1;
}

bool TlsClient::renegotiate() {
  const bool done = SSL_renegotiate(tls_) == 1 && SSL_do_handshake(tls_) == 1;
  ERR_clear_error();
  return done;
}

bool TlsClient::update_keys() {
  return SSL_key_update(tls_, SSL_KEY_UPDATE_REQUESTED) == 1 && SSL_do_handshake(tls_) == 1;
}

}  // namespace millrace::http
