// What was parsed of late, because programs send the same few texts again and again.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"

namespace millrace::expr {

// Not thread-safe: each thread has its own. Bounded, and so is each text in it; what is not
// kept is parsed again.
template <typename Parsed>
class ParsedTexts {
 public:
  // As `parse` says of `text`, which it is asked when the text is not kept. Errors are not.
  template <typename Parse>
  Result<Parsed> get(std::string_view text, const Parse& parse) {
    const auto kept = kept_.find(text);
    if (kept != kept_.end()) return kept->second;
    Parsed parsed = TRY(parse());
    if (text.size() <= kTextBytesMax) {
      if (kept_.size() == kTextsMax) kept_.clear();
      kept_.emplace(text, parsed);
    }
    return parsed;
  }

 private:
  static constexpr size_t kTextsMax = 64;
  static constexpr size_t kTextBytesMax = 512;

  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, Parsed, Hash, std::equal_to<>> kept_;
};

}  // namespace millrace::expr
