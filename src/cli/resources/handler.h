// Which runtime and which of its exports a function's code is for.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/resources/code_archive.h"

namespace millrace::cli::resources {

struct Handler {
  std::string runtime;  // "nodejs20.x"
  std::string handler;  // "index.handler"
};

// By the files at the top level of the code. `bootstrap` is a runtime of its own; else it is the
// only JavaScript or Python file, or the one of a name that is usual for it, and what it exports:
// `handler`, `lambda_handler` or `lambdaHandler`, else its only function. InvalidConfiguration when
// that is not plain.
[[nodiscard]] Result<Handler> find_handler(const std::vector<CodeFile>& files);

// The names of the functions that the text exports. `extension` is ".mjs", ".js", ".cjs" or ".py".
[[nodiscard]] std::vector<std::string> exported_functions(const std::string& text,
                                                          const std::string& extension);

}  // namespace millrace::cli::resources
