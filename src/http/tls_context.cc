#include "http/tls_context.h"

#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include <openssl/ssl.h>

#include "base/check.h"
#include "http/tls_session.h"

namespace millrace::http {
namespace {

// Of TLS 1.2; all have forward secrecy.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL";
// The first is the fastest and strong enough.
constexpr const char* kCiphersuites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr std::string_view kHttp11 = "\x08http/1.1";
constexpr std::string_view kSessionContext = "millrace";
// Of a client's chain: three certificates are 6 KB.
constexpr int kClientChainBytesMax = 32 * 1024;

Error unusable(std::string message) {
  return {ErrorCode::kInvalidConfiguration, std::move(message)};
}

Status check_readable(const char* what, const std::string& file) {
  if (file.empty()) return unusable(std::string("TLS needs a ") + what + " file");
  if (access(file.c_str(), R_OK) == 0) return Done{};
  return unusable("cannot read the " + std::string(what) + " file '" + file +
                  "': " + std::generic_category().message(errno));
}

Error bad_file(const char* what, const std::string& file) {
  return unusable("the " + std::string(what) + " file '" + file +
                  "' cannot be used: " + take_tls_error());
}

// OpenSSL would ask for it on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writes*/, void* /*data*/) {
  return 0;
}

int choose_protocol(SSL* /*session*/, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void* /*data*/) {
  const std::string_view offers(reinterpret_cast<const char*>(offered), offered_size);
  for (size_t at = 0; at < offers.size();) {
    const size_t size = 1 + static_cast<unsigned char>(offers[at]);
    if (offers.substr(at, size) == kHttp11) {
      *chosen = offered + at + 1;
      *chosen_size = static_cast<unsigned char>(kHttp11.size() - 1);
      return SSL_TLSEXT_ERR_OK;
    }
    at += size;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

void set_common_options(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  // Without it a client that sends what is not data, on and on, keeps a thread.
  SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  MILLRACE_CHECK(SSL_CTX_set_cipher_list(context, kCiphers) == 1);
  MILLRACE_CHECK(SSL_CTX_set_ciphersuites(context, kCiphersuites) == 1);
}

// A session is resumed by a ticket that the client keeps, under keys that this context alone has:
// after a reload, what the new files ask for is asked again.
void set_resumption(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_session_id_context(context,
                                 reinterpret_cast<const unsigned char*>(kSessionContext.data()),
                                 static_cast<unsigned int>(kSessionContext.size()));
}

Status set_certificate(SSL_CTX* context, const TlsOptions& options) {
  TRY(check_readable("certificate", options.certificate_file));
  TRY(check_readable("key", options.key_file));
  if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1) {
    return bad_file("certificate", options.certificate_file);
  }
  if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return bad_file("key", options.key_file);
  }
  return Done{};
}

Status set_client_ca(SSL_CTX* context, const TlsOptions& options) {
  if (options.client_ca_file.empty()) {
    if (!options.require_client_certificate) return Done{};
    return unusable("to require client certificates, TLS needs a client CA file");
  }
  TRY(check_readable("client CA", options.client_ca_file));
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(options.client_ca_file.c_str());
  if (names == nullptr || SSL_CTX_load_verify_file(context, options.client_ca_file.c_str()) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return bad_file("client CA", options.client_ca_file);
  }
  SSL_CTX_set_client_CA_list(context, names);
  SSL_CTX_set_max_cert_list(context, kClientChainBytesMax);
  SSL_CTX_set_verify(
      context,
      SSL_VERIFY_PEER | (options.require_client_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
      nullptr);
  return Done{};
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

Result<TlsContextPointer> TlsContext::for_server(const TlsOptions& options) {
  auto made = std::make_shared<const TlsContext>(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = made->get();
  MILLRACE_CHECK(context != nullptr);
  set_common_options(context);
  set_resumption(context);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  TRY(set_certificate(context, options));
  TRY(set_client_ca(context, options));
  return TlsContextPointer(std::move(made));
}

Result<TlsContextPointer> TlsContext::for_client(const std::string& ca_file) {
  auto made = std::make_shared<const TlsContext>(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = made->get();
  MILLRACE_CHECK(context != nullptr);
  set_common_options(context);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else {
    TRY(check_readable("CA", ca_file));
    if (SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1) return bad_file("CA", ca_file);
  }
  return TlsContextPointer(std::move(made));
}

}  // namespace millrace::http
