// The headers of a request that its signature covers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <boost/container/small_vector.hpp>

#include "auth/sigv4.h"
#include "base/result.h"

namespace millrace::auth {

// Views of what it was chosen from, which must outlive it.
class SignedHeaders {
 public:
  SignedHeaders() = default;
  SignedHeaders(const SignedHeaders&) = delete;
  SignedHeaders& operator=(const SignedHeaders&) = delete;

  // Those that `list`, "host;x-amz-date", names in any case and order. InvalidSignatureException
  // when that leaves out Host, or an X-Amz-* header that was sent, or names one that was not.
  // `headers` keeps the order in which they came. Once.
  Status choose(std::string_view list, std::span<const HeaderView> headers);

  // The lines of the canonical request from the first header to the list of names.
  void append_to(std::string& out) const;

 private:
  static constexpr size_t kUsual = 16;  // as many need no memory of their own

  struct Chosen {
    uint32_t name;    // of names_
    uint32_t header;  // of headers_

    friend auto operator<=>(const Chosen&, const Chosen&) = default;
  };

  void read_names(std::string_view list);
  // The index of a header's name in names_, in any case; the size: it is not there.
  [[nodiscard]] size_t find(std::string_view header) const;

  std::string lower_case_list_;                                     // where the list has capitals
  boost::container::small_vector<std::string_view, kUsual> names_;  // lower case, sorted, each once
  std::span<const HeaderView> headers_;
  boost::container::small_vector<Chosen, kUsual> chosen_;  // sorted
};

}  // namespace millrace::auth
