#include "functions/operations/code_request.h"

#include "functions/function_configuration.h"
#include "functions/function_name.h"
#include "functions/input.h"
#include "json/base64.h"

namespace millrace::functions {

Result<Bytes> read_code(json::Object code) {
  for (const std::string_view name :
       {"ImageUri", "S3Bucket", "S3Key", "S3ObjectVersion", "SourceKMSKeyArn"}) {
    if (!text_or_empty(code, name).empty()) return not_supported(name);
  }
  const auto zip = json::member(code, "ZipFile");
  if (!zip) return Bytes();
  Bytes bytes = json::base64_decode(zip->get_string().value_unsafe()).value_or("");
  if (bytes.empty()) return invalid_parameter("Uploaded file must be a non-empty zip");
  return bytes;
}

Error no_code() {
  return invalid_parameter("Please provide a source for function code.");
}

}  // namespace millrace::functions
