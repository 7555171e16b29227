#include "ops/stream_request.h"

#include <fmt/format.h>

#include "ops/input.h"

namespace millrace::ops {

Result<size_t> read_limit(json::Object input, int64_t limit_max) {
  const int64_t limit = optional_integer(input, "Limit").value_or(limit_max);
  if (limit > limit_max) {
    return validation_error(fmt::format(
        "1 validation error detected: Value '{}' at 'limit' failed to satisfy constraint: Member "
        "must have value less than or equal to {}",
        limit, limit_max));
  }
  return static_cast<size_t>(limit);
}

Result<catalog::StreamArn> read_stream_arn(std::string_view arn) {
  auto parsed = catalog::parse_stream_arn(arn);
  if (!parsed) return validation_error(fmt::format("Invalid StreamArn: {}", arn));
  return std::move(*parsed);
}

Result<catalog::StreamPointer> find_stream(const Database& database, std::string_view arn) {
  const auto parsed = TRY(read_stream_arn(arn));
  const catalog::Site& site = database.catalog.site();
  catalog::StreamPointer stream;
  if (parsed.account_id == site.account_id && parsed.region == site.region) {
    stream = database.catalog.find_stream(parsed.table_name, parsed.stream_label);
  }
  if (!stream) {
    return Error{ErrorCode::kResourceNotFoundException,
                 fmt::format("Requested resource not found: Stream: {} not found", arn)};
  }
  return stream;
}

}  // namespace millrace::ops
