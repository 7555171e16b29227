#include "audit/operations/integrity.h"
#include "json/writer.h"

namespace millrace::audit {

Result<std::string> rotate_trail_key(SigningKeys& keys) {
  const std::string fingerprint = TRY(keys.rotate());
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("Fingerprint", fingerprint);
  writer.end_object();
  return out;
}

}  // namespace millrace::audit
