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

Error not_signed(std::string_view name) {
  return invalid_signature("'" + shown(name) +
                           "' must be a 'SignedHeader' in the AWS Authorization.");
}

}  // namespace

void SignedHeaders::read_names(std::string_view list) {
  if (std::ranges::any_of(list, [](char c) { return c >= 'A' && c <= 'Z'; })) {
    append_lower_case(lower_case_list_, list);
    list = lower_case_list_;
  }
  size_t begin = 0;
  for (size_t end = 0; (end = list.find(';', begin)) != std::string_view::npos; begin = end + 1) {
    names_.push_back(list.substr(begin, end - begin));
  }
  names_.push_back(list.substr(begin));
  if (!std::ranges::is_sorted(names_)) std::ranges::sort(names_);
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

size_t SignedHeaders::find(std::string_view header) const {
  size_t begin = 0;
  size_t end = names_.size();
  while (begin < end) {
    const size_t middle = begin + (end - begin) / 2;
    const int order = compare_name(header, names_[middle]);
    if (order == 0) return middle;
    if (order < 0) {
      end = middle;
    } else {
      begin = middle + 1;
    }
  }
  return names_.size();
}

Status SignedHeaders::choose(std::string_view list, std::span<const HeaderView> headers) {
  read_names(list);
  headers_ = headers;
  if (find("host") == names_.size()) return not_signed("Host");
  for (size_t i = 0; i < headers.size(); ++i) {
    const size_t name = find(headers[i].name);
    if (name != names_.size()) {
      chosen_.push_back({static_cast<uint32_t>(name), static_cast<uint32_t>(i)});
    } else if (needs_signature(headers[i].name)) {
      return not_signed(headers[i].name);
    }
  }
  std::ranges::sort(chosen_);
  size_t found = 0;
  for (size_t i = 0; i < chosen_.size(); ++i) {
    if (i == 0 || chosen_[i].name != chosen_[i - 1].name) ++found;
  }
  if (found != names_.size()) return signature_mismatch();
  return Done{};
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
