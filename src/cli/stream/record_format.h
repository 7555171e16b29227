// How `stream tail` shows a record.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/document.h"

namespace millrace::cli::stream {

enum class RecordFormat {
  kJson,    // as the Streams API gives it, a line each
  kLambda,  // as a Lambda function gets it in `Records`, a line each
  kPretty,  // for people
};

struct RecordOrigin {
  std::string_view stream_arn;
  std::string_view shard_id;
};

// Appends `record`, an element of GetRecords' `Records`. `is_coloured` counts for kPretty only. An
// error when the record is not one.
[[nodiscard]] Status append_record(std::string& out, json::Object record,
                                   const RecordOrigin& origin, RecordFormat format,
                                   bool is_coloured);

}  // namespace millrace::cli::stream
