// Certificates of a private authority in files, and raw TLS clients.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/certificate.h"
#include "http/server_testing.h"
#include "http/tls_context.h"

struct ssl_st;
struct ssl_ctx_st;
struct ssl_session_st;

namespace millrace::http {

// A directory with ca.pem, server.pem, server-key.pem, alice.pem and alice-key.pem, removed at the
// end.
class TestCertificates {
 public:
  TestCertificates();
  ~TestCertificates();
  TestCertificates(const TestCertificates&) = delete;
  TestCertificates& operator=(const TestCertificates&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return directory_ / name; }
  void write(const std::string& name, const std::string& text) const;
  // server.pem and server-key.pem anew, for these names.
  void make_server(const std::vector<std::string>& names) const;
  [[nodiscard]] const CertificatePem& authority() const { return authority_; }
  [[nodiscard]] TlsOptions server_options() const;

 private:
  std::filesystem::path directory_;
  CertificatePem authority_;
};

// Blocking, by OpenSSL alone. Trusts any server.
class TlsClient {
 public:
  struct Options {
    std::optional<std::string> certificate_file = {};
    std::optional<std::string> key_file = {};
    int version_max = 0;  // 0: any
    std::string ciphers = {};
    std::string protocols = {};  // as ALPN sends them
    ssl_session_st* session = nullptr;
  };
  explicit TlsClient(uint16_t port) : TlsClient(port, Options()) {}
  TlsClient(uint16_t port, const Options& options);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  bool send(std::string_view bytes);
  // Up to `size` bytes; fewer at the end.
  std::string read(size_t size);
  // Until the server ends the connection.
  std::string read_all() { return read(std::string::npos); }
  // Whether it ended with close_notify.
  [[nodiscard]] bool ended_cleanly() const { return ended_cleanly_; }
  // One response with a Content-Length.
  Response exchange(std::string_view request);
  [[nodiscard]] std::string protocol() const;  // that ALPN chose
  [[nodiscard]] std::string version() const;
  [[nodiscard]] std::string server_names() const;  // of its certificate, as OpenSSL prints them
  // To be freed.
  [[nodiscard]] ssl_session_st* session();
  [[nodiscard]] bool resumed() const;
  bool renegotiate();
  // Asks the server for new keys, which is no data.
  bool update_keys();

 private:
  ssl_ctx_st* context_;
  ssl_st* tls_;
  int socket_;
  bool connected_ = false;
  bool ended_cleanly_ = false;
};

}  // namespace millrace::http
