#include "cli/stream/pretty_record.h"

#include "cli/client/answer.h"
#include "cli/stream/time_text.h"
#include "cli/stream/value_text.h"
#include "json/attribute_value.h"

namespace millrace::cli::stream {

namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kPlain = "\x1b[0m";

class PrettyWriter {
 public:
  PrettyWriter(std::string& out, bool is_coloured) : out_(out), is_coloured_(is_coloured) {}

  void text(std::string_view text) { out_ += text; }
  void coloured(std::string_view colour, std::string_view text) {
    if (is_coloured_) out_ += colour;
    out_ += text;
    if (is_coloured_) out_ += kPlain;
  }

  // Those of `keys` are not shown at the top.
  void changes(const AttributeMap& old_map, const AttributeMap& new_map, const AttributeMap& keys,
               const std::string& path) {
    auto old_entry = old_map.begin();
    auto new_entry = new_map.begin();
    while (old_entry != old_map.end() || new_entry != new_map.end()) {
      const bool is_gone = new_entry == new_map.end() ||
                           (old_entry != old_map.end() && old_entry->first < new_entry->first);
      const bool is_new = old_entry == old_map.end() ||
                          (new_entry != new_map.end() && new_entry->first < old_entry->first);
      const std::string& name = is_gone ? old_entry->first : new_entry->first;
      std::string name_path = path;
      append_name(name_path, name);
      const AttributeValue* old_value = is_new ? nullptr : &(old_entry++)->second;
      const AttributeValue* new_value = is_gone ? nullptr : &(new_entry++)->second;
      if (path.empty() && keys.contains(name)) continue;
      change(old_value, new_value, name_path);
    }
  }

 private:
  void change(const AttributeValue* old_value, const AttributeValue* new_value,
              const std::string& path) {
    if (new_value == nullptr) return line("- ", kRed, path, old_value, nullptr);
    if (old_value == nullptr) return line("+ ", kGreen, path, nullptr, new_value);
    if (*old_value == *new_value) return;
    const auto* old_map = old_value->get_if<AttributeMap>();
    const auto* new_map = new_value->get_if<AttributeMap>();
    if (old_map != nullptr && new_map != nullptr) {
      return changes(*old_map, *new_map, {}, path + ".");
    }
    line("~ ", kYellow, path, old_value, new_value);
  }

  void line(std::string_view mark, std::string_view colour, const std::string& path,
            const AttributeValue* old_value, const AttributeValue* new_value) {
    std::string line(mark);
    line.append(path).append(": ");
    if (old_value != nullptr) append_value(line, *old_value);
    if (old_value != nullptr && new_value != nullptr) line += " → ";
    if (new_value != nullptr) append_value(line, *new_value);
    text("  ");
    coloured(colour, line);
    text("\n");
  }

  std::string& out_;
  const bool is_coloured_;
};

std::string_view event_colour(std::string_view event_name) {
  if (event_name == "INSERT") return kGreen;
  return event_name == "REMOVE" ? kRed : kYellow;
}

Result<AttributeMap> read_image(json::Object change, std::string_view name) {
  const auto image = json::member(change, name);
  if (!image) return AttributeMap();
  return json::read_attribute_map(*image);
}

}  // namespace

Status append_pretty_record(std::string& out, json::Object record, const RecordOrigin& origin,
                            bool is_coloured) {
  const auto change = find_object(record, "dynamodb");
  if (!change) return Error{ErrorCode::kSerializationException, "a record has no member dynamodb"};
  const AttributeMap keys = TRY(read_image(*change, "Keys"));
  const AttributeMap old_image = TRY(read_image(*change, "OldImage"));
  const AttributeMap new_image = TRY(read_image(*change, "NewImage"));
  const std::string event_name = text_of(record, "eventName");

  PrettyWriter writer(out, is_coloured);
  const double seconds = find_number(*change, "ApproximateCreationDateTime").value_or(0);
  writer.coloured(kDim, format_time(static_cast<int64_t>(seconds)));
  writer.text(" ");
  writer.coloured(event_colour(event_name), event_name);
  std::string key_text;
  for (const auto& [name, value] : keys) {
    key_text += " ";
    append_name(key_text, name);
    key_text += "=";
    append_value(key_text, value);
  }
  writer.coloured(kBold, key_text);
  if (const auto identity = find_object(record, "userIdentity")) {
    writer.text(" by " + text_of(*identity, "PrincipalId"));
  }
  writer.text(" ");
  writer.coloured(kDim, std::string(origin.shard_id) + " " + text_of(*change, "SequenceNumber"));
  writer.text("\n");
  writer.changes(old_image, new_image, keys, "");
  return Done{};
}

}  // namespace millrace::cli::stream
