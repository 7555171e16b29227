// The parameters of a request of the query protocol: those of the target's query and of a body that
// is a form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/handler.h"

namespace millrace::wire {

// Views of the request, which outlives it.
class QueryForm {
 public:
  struct Parameter {
    std::string_view name;  // undecoded
    std::string_view value;
  };

  // SerializationException when there are more parameters than any request has.
  static Result<QueryForm> read(const http::Request& request);

  // The first of that name, decoded.
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }

 private:
  [[nodiscard]] bool add(std::string_view text);

  std::vector<Parameter> parameters_;
};

// As application/x-www-form-urlencoded has it: '+' is a space.
[[nodiscard]] std::string form_decode(std::string_view text);

}  // namespace millrace::wire
