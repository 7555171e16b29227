// The text of an ARN, on the stack unless it is long.
#pragma once

#include <string_view>

#include <fmt/format.h>

#include "catalog/arn.h"

namespace millrace::access {

class ArnText {
 public:
  // "arn:aws:SERVICE:REGION:ACCOUNT:"
  ArnText(const catalog::Site& site, std::string_view service) {
    add("arn:aws:").add(service).add(":").add(site.region).add(":").add(site.account_id).add(":");
  }
  // Of what is the same in all regions, as IAM's.
  static ArnText without_region(const catalog::Site& site, std::string_view service) {
    ArnText arn;
    arn.add("arn:aws:").add(service).add("::").add(site.account_id).add(":");
    return arn;
  }

  ArnText& add(std::string_view text) {
    text_.append(text.data(), text.data() + text.size());
    return *this;
  }
  // Until it is changed or gone.
  [[nodiscard]] std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  ArnText() = default;

  fmt::basic_memory_buffer<char, 256> text_;
};

}  // namespace millrace::access
