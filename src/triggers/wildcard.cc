#include "triggers/wildcard.h"

#include <cstring>

namespace millrace::triggers {
namespace {

// Takes all of `text` up to and with the first `part`, and tells whether there was one.
bool take_through(std::string_view& text, std::string_view part) {
  // memmem() is linear in the C library; std::string_view::find() is not.
  const void* found = memmem(text.data(), text.size(), part.data(), part.size());
  if (found == nullptr) return false;
  text.remove_prefix(static_cast<size_t>(static_cast<const char*>(found) - text.data()) +
                     part.size());
  return true;
}

}  // namespace

std::optional<Wildcard> Wildcard::compile(std::string_view text) {
  Wildcard wildcard;
  wildcard.parts_.emplace_back();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '*') {
      if (i > 0 && text[i - 1] == '*' && wildcard.parts_.back().empty()) return std::nullopt;
      wildcard.parts_.emplace_back();
      continue;
    }
    if (text[i] == '\\') {
      ++i;
      if (i == text.size() || (text[i] != '*' && text[i] != '\\')) return std::nullopt;
    }
    wildcard.parts_.back().push_back(text[i]);
  }
  return wildcard;
}

bool Wildcard::matches(std::string_view text) const {
  const std::string& first = parts_.front();
  const std::string& last = parts_.back();
  if (parts_.size() == 1) return text == first;
  if (text.size() < first.size() + last.size()) return false;
  if (!text.starts_with(first) || !text.ends_with(last)) return false;
  text.remove_prefix(first.size());
  text.remove_suffix(last.size());
  // The leftmost place of each part leaves the most for the next.
  for (size_t i = 1; i + 1 < parts_.size(); ++i) {
    if (!take_through(text, parts_[i])) return false;
  }
  return true;
}

}  // namespace millrace::triggers
