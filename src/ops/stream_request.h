// What the DynamoDB Streams operations' requests have in common.
#pragma once

#include "ops/call.h"
#include "ops/item_request.h"

namespace millrace::ops {

// `Limit`, or `limit_max` when it is absent. The API model knows no upper bound, the service does.
[[nodiscard]] Result<size_t> read_limit(json::Object input, int64_t limit_max);

// ValidationException for what is not a stream's ARN.
[[nodiscard]] Result<catalog::StreamArn> read_stream_arn(std::string_view arn);

// ResourceNotFoundException for a stream that is not there.
[[nodiscard]] Result<catalog::StreamPointer> find_stream(const Database& database,
                                                         std::string_view arn);

}  // namespace millrace::ops
