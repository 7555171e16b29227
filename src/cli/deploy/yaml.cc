#include "cli/deploy/yaml.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace millrace::cli::deploy {

namespace {

using resources::Node;
using resources::NodeKind;

constexpr size_t kNodesMax = 20'000;
constexpr size_t kDepthMax = 100;

// Thrown through the parser; parse_yaml() catches it.
struct Refusal {
  int line;
  std::string text;
};

struct Extent {
  size_t count = 1;
  size_t depth = 1;
};

Extent extent_of(const Node& node) {
  Extent extent;
  auto add = [&](const Node& child) {
    const Extent inner = extent_of(child);
    extent.count += inner.count;
    extent.depth = std::max(extent.depth, inner.depth + 1);
  };
  std::ranges::for_each(node.items, add);
  for (const resources::NodeMember& member : node.members) add(member.value);
  return extent;
}

// "Fn::Sub" of "!Sub"; empty: no function.
std::string function_of(const std::string& tag) {
  if (tag.size() < 2 || tag.front() != '!' || tag[1] == '!') return {};
  const std::string name = tag.substr(1);
  return name == "Ref" || name == "Condition" ? name : "Fn::" + name;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& file) : file_(file) {}

  Node root;

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    charge({}, mark.line);
    take(made(mark, NodeKind::kNull, ""), anchor, mark.line);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (is_at_key()) {
      if (value == "<<") refuse(mark.line, "merge keys are not supported");
      frames_.back().key = value;
      frames_.back().has_key = true;
      return;
    }
    charge({}, mark.line);
    take(with_function(made(mark, NodeKind::kText, value), tag), anchor, mark.line);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (is_at_key()) refuse(mark.line, "an alias cannot be a name");
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse(mark.line, "an alias within what it stands for");
    charge(extent_of(found->second), mark.line);
    take(found->second, 0, mark.line);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, NodeKind::kList, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, NodeKind::kMap, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    std::string tag;
    YAML::anchor_t anchor = 0;
    int line = 0;
    std::string key = {};  // of a map, once it came and until its value did
    bool has_key = false;
  };

  [[noreturn]] static void refuse(int line, std::string text) {
    throw Refusal{line, std::move(text)};
  }

  [[nodiscard]] bool is_at_key() const {
    return !frames_.empty() && frames_.back().node.is_map() && !frames_.back().has_key;
  }

  Node made(const YAML::Mark& mark, NodeKind kind, std::string text) const {
    Node node;
    node.kind = kind;
    node.text = std::move(text);
    node.place = fmt::format("{}:{}", file_, mark.line + 1);
    return node;
  }

  static Node with_function(Node node, const std::string& tag) {
    const std::string function = function_of(tag);
    if (function.empty()) return node;
    Node call = Node::map();
    call.place = node.place;
    call.set(function, std::move(node));
    return call;
  }

  void open(const YAML::Mark& mark, NodeKind kind, const std::string& tag, YAML::anchor_t anchor) {
    if (is_at_key()) refuse(mark.line, "a name must be a text");
    charge({}, mark.line);
    frames_.push_back({made(mark, kind, ""), tag, anchor, mark.line});
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    take(with_function(std::move(frame.node), frame.tag), frame.anchor, frame.line);
  }

  // Of a node that is about to be there.
  void charge(const Extent& extent, int line) {
    count_ += extent.count;
    if (count_ > kNodesMax) refuse(line, "the document is too large");
    if (frames_.size() + extent.depth > kDepthMax) refuse(line, "is nested too deep");
  }

  // A node that is whole.
  void take(Node node, YAML::anchor_t anchor, int line) {
    if (is_at_key()) refuse(line, "a name must be a text");
    if (anchor != 0) {
      charge(extent_of(node), line);
      anchors_[anchor] = node;
    }
    if (frames_.empty()) {
      root = std::move(node);
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node.is_list()) {
      frame.node.items.push_back(std::move(node));
      return;
    }
    if (frame.node.find(frame.key) != nullptr) {
      refuse(line, "'" + frame.key + "' is there twice");
    }
    frame.node.set(std::move(frame.key), std::move(node));
    frame.has_key = false;
  }

  const std::string& file_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Node> anchors_;
  size_t count_ = 0;  // of nodes, and of those kept for aliases
};

Error unreadable(const std::string& file, int line, std::string_view text) {
  return {ErrorCode::kInvalidConfiguration, fmt::format("{}:{}: {}", file, line + 1, text)};
}

}  // namespace

Result<Node> parse_yaml(std::string_view text, const std::string& file) {
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder(file);
    if (!parser.HandleNextDocument(builder) || builder.root.kind == NodeKind::kNull) {
      return unreadable(file, 0, "is empty");
    }
    TreeBuilder rest(file);
    if (parser.HandleNextDocument(rest)) return unreadable(file, 0, "has more than one document");
    return std::move(builder.root);
  } catch (const Refusal& refusal) {
    return unreadable(file, refusal.line, refusal.text);
  } catch (const YAML::Exception& problem) {
    return unreadable(file, problem.mark.line, problem.msg);
  }
}

}  // namespace millrace::cli::deploy
