// A private certificate authority in a directory, and the certificates that it issues:
//   ca.pem, ca-key.pem            the authority
//   server.pem, server-key.pem    of the server
//   NAME.pem, NAME-key.pem        of the client NAME
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace millrace::cli::cert {

struct CertificateRequest {
  std::string directory = "./millrace-tls";
  std::vector<std::string> names = {};  // beside localhost, 127.0.0.1 and ::1
  // Of a client's certificate to make instead of the server's.
  std::optional<std::string> client = {};
  int64_t days = 825;
  bool force = false;  // files that are there are replaced
};

// The files made, in order: an authority and the server's; for a client, those of the client,
// issued by the authority that is there, or by all that if there is none. Nothing lives longer than
// the authority. Keys are readable to their owner alone. InvalidConfiguration, and no file changed,
// when a file would be replaced without `force`.
[[nodiscard]] Result<std::vector<std::string>> create_certificates(
    const CertificateRequest& request, const Clock& clock);

}  // namespace millrace::cli::cert
