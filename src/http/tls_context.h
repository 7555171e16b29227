// What the TLS sessions of a server, or of a client, share: certificates, keys and what is allowed.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

struct ssl_ctx_st;

namespace millrace::http {

// Files are PEM.
struct TlsOptions {
  std::string certificate_file = {};  // the server's, then its issuers'; empty: no TLS
  std::string key_file = {};          // without a passphrase
  // Whose client certificates are accepted; empty: none are asked for.
  std::string client_ca_file = {};
  bool require_client_certificate = false;

  [[nodiscard]] bool enabled() const { return !certificate_file.empty(); }
};

// Immutable, thread-safe. What was made with it keeps what it needs of it.
class TlsContext {
 public:
  // InvalidConfiguration, naming the file, when one cannot be read or they do not match.
  static Result<std::shared_ptr<const TlsContext>> for_server(const TlsOptions& options);
  // Trusts the certificates of `ca_file`, or those that the system does when it is empty.
  // InvalidConfiguration when it cannot be read.
  static Result<std::shared_ptr<const TlsContext>> for_client(const std::string& ca_file);

  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}

  [[nodiscard]] ssl_ctx_st* get() const { return context_.get(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  const std::unique_ptr<ssl_ctx_st, Free> context_;
};
using TlsContextPointer = std::shared_ptr<const TlsContext>;

}  // namespace millrace::http
