// The parts of a canonical request of Signature Version 4 (IAM User Guide, "Create a signed AWS API
// request"): what signer and verifier must write alike.
#pragma once

#include <string>
#include <string_view>

namespace millrace::auth {

// Without dot segments and empty ones, and encoded once more than it is sent.
void append_canonical_path(std::string& out, std::string_view path);
// `query` is undecoded. Sorted by name and value as they are encoded; `left_out` is the name of a
// parameter that does not count, empty: none.
void append_canonical_query(std::string& out, std::string_view query,
                            std::string_view left_out = {});
// A header's value without spaces at its ends, and with one for every run of them inside.
void append_trimmed(std::string& out, std::string_view value);
void append_lower_case(std::string& out, std::string_view text);

}  // namespace millrace::auth
