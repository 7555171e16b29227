// Answers of the AWS query protocol, which are XML.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace millrace::cli {

// <NameResult> of <NameResponse> as a JSON object: what has only <member> elements is a list, what
// has others is an object, and the rest are strings, so that an empty list is "". {} for an
// operation without a result. ServiceUnavailableException for what is no such answer.
[[nodiscard]] Result<std::string> query_answer_json(std::string_view operation,
                                                    std::string_view xml);

struct QueryAnswerError {
  std::string code;  // "NoSuchEntity"
  std::string message;
};
// Of <ErrorResponse>; nullopt for anything else.
[[nodiscard]] std::optional<QueryAnswerError> parse_query_error(std::string_view xml);

}  // namespace millrace::cli
