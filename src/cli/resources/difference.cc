#include "cli/resources/difference.h"

#include <algorithm>

#include <fmt/format.h>

namespace millrace::cli::resources {

namespace {

constexpr size_t kShownBytesMax = 120;

std::string shown(const Node* node) {
  if (node == nullptr || node->kind == NodeKind::kNull) return "(none)";
  if (node->kind == NodeKind::kUnknown) return fmt::format("(known later: {})", node->text);
  std::string text = node->is_scalar() ? node->text : to_json(*node);
  if (text.empty()) return "(empty)";
  std::ranges::replace_if(
      text, [](char byte) { return byte >= 0 && byte < ' '; }, ' ');
  if (text.size() <= kShownBytesMax) return text;
  size_t end = kShownBytesMax;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not within a character
  return text.substr(0, end) + "…";
}

void compare(const std::string& path, std::string_view property, const Node* from, const Node* to,
             std::vector<Difference>& out) {
  static const Node kNoMembers = Node::map();
  const bool is_map = (from == nullptr || from->is_map()) && (to == nullptr || to->is_map());
  if (is_map) {
    const Node& left = from == nullptr ? kNoMembers : *from;
    const Node& right = to == nullptr ? kNoMembers : *to;
    auto each = [&](const NodeMember& member) {
      compare(joined(path, member.name), path.empty() ? std::string_view(member.name) : property,
              left.find(member.name), right.find(member.name), out);
    };
    std::ranges::for_each(right.members, each);
    for (const NodeMember& member : left.members) {
      if (right.find(member.name) == nullptr) each(member);
    }
    return;
  }
  if (from != nullptr && to != nullptr && *from == *to) return;
  out.push_back({std::string(property), fmt::format("{}: {} → {}", path, shown(from), shown(to))});
}

}  // namespace

std::vector<Difference> differences(const Node& from, const Node& to) {
  std::vector<Difference> out;
  compare("", "", &from, &to, out);
  return out;
}

bool differs(const std::vector<Difference>& found, std::string_view property) {
  return std::ranges::find(found, property, &Difference::property) != found.end();
}

std::vector<std::string> texts_of(const std::vector<Difference>& found) {
  std::vector<std::string> texts;
  for (const Difference& difference : found) texts.push_back(difference.text);
  return texts;
}

}  // namespace millrace::cli::resources
