// The headers of a request that its signature covers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/sigv4.h"
#include "base/result.h"

namespace millrace::auth {

// Views of the headers it was chosen from, which must outlive it.
class SignedHeaders {
 public:
  // Those that `names` lists, in any case and order. InvalidSignatureException when that leaves out
  // Host, or an X-Amz-* header that was sent, or lists one that was not. `headers` keeps the order
  // in which they came.
  static Result<SignedHeaders> choose(std::vector<std::string> names,
                                      std::span<const HeaderView> headers);

  // The lines of the canonical request from the first header to the list of names.
  void append_to(std::string& out) const;

 private:
  struct Chosen {
    uint32_t name;    // of names_
    uint32_t header;  // of headers_

    friend auto operator<=>(const Chosen&, const Chosen&) = default;
  };

  std::vector<std::string> names_;  // lower case, sorted, each once
  std::span<const HeaderView> headers_;
  std::vector<Chosen> chosen_;  // sorted
};

}  // namespace millrace::auth
