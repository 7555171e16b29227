#include "auth/signed_headers.h"

#include <algorithm>

#include "auth/canonical_form.h"
#include "auth/header_name.h"
#include "auth/refusal.h"

namespace millrace::auth {
namespace {

// A header of AWS's that may change what a request does. Two that mean nothing here are added on
// the way, by CloudFront and by browsers.
bool needs_signature(std::string_view name) {
  constexpr std::string_view kPrefix = "x-amz-";
  if (!is_name(name.substr(0, kPrefix.size()), kPrefix)) return false;
  return !is_name(name, "x-amz-cf-id") && !is_name(name, "x-amz-user-agent");
}

void make_canonical(std::vector<std::string>& names) {
  for (std::string& name : names) std::ranges::transform(name, name.begin(), lower_case);
  if (!std::ranges::is_sorted(names)) std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

Error not_signed(std::string_view name) {
  return invalid_signature("'" + shown(name) +
                           "' must be a 'SignedHeader' in the AWS Authorization.");
}

}  // namespace

Result<SignedHeaders> SignedHeaders::choose(std::vector<std::string> names,
                                            std::span<const HeaderView> headers) {
  SignedHeaders made;
  made.names_ = std::move(names);
  make_canonical(made.names_);
  if (!std::ranges::binary_search(made.names_, "host")) return not_signed("Host");
  made.headers_ = headers;
  made.chosen_.reserve(headers.size());
  for (size_t i = 0; i < headers.size(); ++i) {
    const std::string_view header = headers[i].name;
    const auto name = std::lower_bound(
        made.names_.begin(), made.names_.end(), header,
        [](const std::string& a, std::string_view b) { return compare_name(b, a) > 0; });
    if (name != made.names_.end() && is_name(header, *name)) {
      made.chosen_.push_back(
          {static_cast<uint32_t>(name - made.names_.begin()), static_cast<uint32_t>(i)});
    } else if (needs_signature(header)) {
      return not_signed(header);
    }
  }
  std::ranges::sort(made.chosen_);
  size_t found = 0;
  for (size_t i = 0; i < made.chosen_.size(); ++i) {
    if (i == 0 || made.chosen_[i].name != made.chosen_[i - 1].name) ++found;
  }
  if (found != made.names_.size()) return signature_mismatch();
  return made;
}

void SignedHeaders::append_to(std::string& out) const {
  for (size_t i = 0; i < chosen_.size(); ++i) {
    const bool continues = i > 0 && chosen_[i].name == chosen_[i - 1].name;
    if (continues) {
      out.back() = ',';
    } else {
      out.append(names_[chosen_[i].name]).append(":");
    }
    append_trimmed(out, headers_[chosen_[i].header].value);
    out += '\n';
  }
  out += '\n';
  for (size_t i = 0; i < names_.size(); ++i) {
    if (i > 0) out += ';';
    out += names_[i];
  }
}

}  // namespace millrace::auth
