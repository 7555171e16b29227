#include "triggers/letter_case.h"

#include <clocale>
#include <cwctype>

#include "base/check.h"
#include "base/utf8.h"

namespace millrace::triggers {
namespace {

void append_character(std::string& out, char32_t character) {
  const auto continuation = [&](int shift) {
    out.push_back(static_cast<char>(0x80 | ((character >> shift) & 0x3F)));
  };
  if (character < 0x80) {
    out.push_back(static_cast<char>(character));
  } else if (character < 0x800) {
    out.push_back(static_cast<char>(0xC0 | character >> 6));
    continuation(0);
  } else if (character < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | character >> 12));
    continuation(6);
    continuation(0);
  } else {
    out.push_back(static_cast<char>(0xF0 | character >> 18));
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

}  // namespace

std::string fold_case(std::string_view text) {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  MILLRACE_CHECK(locale != nullptr);  // built into the C library
  std::string folded;
  folded.reserve(text.size());
  while (!text.empty()) {
    const auto upper = towupper_l(static_cast<wint_t>(take_character(text)), locale);
    // By way of the upper case: some lower-case letters share one, as the two sigmas do.
    append_character(folded, static_cast<char32_t>(towlower_l(upper, locale)));
  }
  return folded;
}

}  // namespace millrace::triggers
