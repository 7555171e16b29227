#include "cli/trail/rotate_key.h"

#include <fmt/format.h>

#include "cli/client/answer.h"

namespace millrace::cli::trail {

Status rotate_key(ServiceClient& client) {
  const auto answer = TRY(client.call({"RotateTrailKey", "{}", kMillracePrefix}));
  fmt::print("Digests are signed with the key {} from now on\n",
             text_of(root_of(answer), "Fingerprint"));
  return Done{};
}

}  // namespace millrace::cli::trail
