// Makes X.509 certificates: a private authority, and those that it issues. Keys are EC P-256.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace millrace::http {

struct CertificatePem {
  std::string certificate;
  std::string key;  // PKCS #8, without a passphrase
};

struct Validity {
  int64_t from_seconds = 0;  // since 1970
  int64_t days = 0;
};

// An authority of its own, which can issue certificates but no other authorities. Errors are
// InternalServerError: of OpenSSL.
[[nodiscard]] Result<CertificatePem> make_authority(const std::string& common_name,
                                                    const Validity& validity);

// What an authority issues does not live longer than it.

// For each of `names`: a DNS name, also "*.example.com", or an address. InvalidConfiguration when
// one is neither, or the authority cannot be read.
[[nodiscard]] Result<CertificatePem> issue_server_certificate(const CertificatePem& authority,
                                                              const std::vector<std::string>& names,
                                                              const Validity& validity);
[[nodiscard]] Result<CertificatePem> issue_client_certificate(const CertificatePem& authority,
                                                              const std::string& common_name,
                                                              const Validity& validity);

}  // namespace millrace::http
