#include "functions/function_encoding.h"

#include <fmt/format.h>

#include "functions/input.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::functions {
namespace {

using Texts = std::map<std::string, std::string>;

void write_texts(json::Writer& writer, std::string_view name, const Texts& texts) {
  writer.key(name);
  writer.begin_object();
  for (const auto& [key, value] : texts) writer.member(key, value);
  writer.end_object();
}

void write_code(json::Writer& writer, const Code& code) {
  writer.key("code");
  writer.begin_object();
  writer.member("name", code.name);
  writer.member("sha256", code.sha256);
  writer.member("zip_bytes", code.zip_bytes);
  writer.member("unpacked_bytes", code.unpacked_bytes);
  writer.end_object();
}

void write_members(json::Writer& writer, const FunctionVersion& version) {
  writer.begin_object();
  writer.member("name", version.name);
  writer.member("version", version.version);
  writer.member("arn", version.arn);
  writer.member("revision_id", version.revision_id);
  writer.member("runtime", version.runtime);
  writer.member("handler", version.handler);
  writer.member("description", version.description);
  writer.member("role", version.role);
  write_texts(writer, "environment", version.environment);
  writer.member("timeout_seconds", version.timeout_seconds);
  writer.member("memory_mebibytes", version.memory_mebibytes);
  writer.member("ephemeral_storage_mebibytes", version.ephemeral_storage_mebibytes);
  writer.member("log_group", version.log_group);
  writer.member("last_modified_milliseconds", version.last_modified_milliseconds);
  writer.member("endpoint", version.endpoint);
  if (version.code) write_code(writer, *version.code);
  writer.end_object();
}

void write_alias(json::Writer& writer, const Alias& alias) {
  writer.begin_object();
  writer.member("name", alias.name);
  writer.member("version", alias.version);
  writer.member("description", alias.description);
  writer.member("revision_id", alias.revision_id);
  writer.key("weights");
  writer.begin_object();
  for (const auto& [version, weight] : alias.weights) {
    writer.key(version);
    writer.raw(fmt::format("{}", weight));
  }
  writer.end_object();
  writer.end_object();
}

void write_event_invoke_config(json::Writer& writer, const EventInvokeConfig& config) {
  writer.begin_object();
  if (config.maximum_retry_attempts) {
    writer.member("maximum_retry_attempts", *config.maximum_retry_attempts);
  }
  if (config.maximum_event_age_seconds) {
    writer.member("maximum_event_age_seconds", *config.maximum_event_age_seconds);
  }
  writer.member("last_modified_milliseconds", config.last_modified_milliseconds);
  writer.end_object();
}

Error unreadable() {
  return internal_error("a stored function cannot be read");
}

Result<json::Document> parse(ByteView text) {
  auto document = json::Document::parse(text);
  if (!document.ok() || !document->root().is_object()) return unreadable();
  return document;
}

// The members that a reader asks for, and whether all were there.
class Members {
 public:
  explicit Members(json::Object object) : object_(object) {}

  std::string text(std::string_view name) {
    std::string_view value;
    if (object_.at_key(name).get(value) != simdjson::SUCCESS) complete_ = false;
    return std::string(value);
  }
  int64_t integer(std::string_view name) {
    int64_t value = 0;
    if (object_.at_key(name).get(value) != simdjson::SUCCESS) complete_ = false;
    return value;
  }
  Texts texts(std::string_view name) {
    Texts texts;
    for (const auto& [key, value] : members(name)) {
      std::string_view text;
      if (value.get(text) != simdjson::SUCCESS) complete_ = false;
      texts.emplace(key, text);
    }
    return texts;
  }
  std::vector<std::pair<std::string, json::Element>> members(std::string_view name) {
    std::vector<std::pair<std::string, json::Element>> members;
    json::Object value;
    if (object_.at_key(name).get(value) != simdjson::SUCCESS) {
      complete_ = false;
      return members;
    }
    for (const auto [key, element] : value) members.emplace_back(key, element);
    return members;
  }
  [[nodiscard]] bool complete() const { return complete_; }

 private:
  json::Object object_;
  bool complete_ = true;
};

Result<FunctionVersion> version_of(json::Element element, const FindCode& codes) {
  json::Object object;
  if (element.get(object) != simdjson::SUCCESS) return unreadable();
  Members members(object);
  FunctionVersion version;
  version.name = members.text("name");
  version.version = members.text("version");
  version.arn = members.text("arn");
  version.revision_id = members.text("revision_id");
  version.runtime = members.text("runtime");
  version.handler = members.text("handler");
  version.description = members.text("description");
  version.role = members.text("role");
  version.environment = members.texts("environment");
  version.timeout_seconds = members.integer("timeout_seconds");
  version.memory_mebibytes = members.integer("memory_mebibytes");
  version.ephemeral_storage_mebibytes = members.integer("ephemeral_storage_mebibytes");
  version.log_group = members.text("log_group");
  version.last_modified_milliseconds = members.integer("last_modified_milliseconds");
  version.endpoint = members.text("endpoint");
  if (const auto code = optional_object(object, "code")) {
    Members of_code(*code);
    const std::string name = of_code.text("name");
    const std::string sha256 = of_code.text("sha256");
    const int64_t zip_bytes = of_code.integer("zip_bytes");
    const int64_t unpacked_bytes = of_code.integer("unpacked_bytes");
    if (!of_code.complete()) return unreadable();
    set_code(version, codes(name, sha256, zip_bytes, unpacked_bytes));
  }
  if (!members.complete()) return unreadable();
  return version;
}

Result<Alias> alias_of(json::Element element) {
  json::Object object;
  if (element.get(object) != simdjson::SUCCESS) return unreadable();
  Members members(object);
  Alias alias;
  alias.name = members.text("name");
  alias.version = members.text("version");
  alias.description = members.text("description");
  alias.revision_id = members.text("revision_id");
  for (const auto& [version, weight] : members.members("weights")) {
    double value = 0;
    if (weight.get(value) != simdjson::SUCCESS) return unreadable();
    alias.weights[version] = value;
  }
  if (!members.complete()) return unreadable();
  return alias;
}

Result<EventInvokeConfig> event_invoke_config_of(json::Element element) {
  json::Object object;
  if (element.get(object) != simdjson::SUCCESS) return unreadable();
  EventInvokeConfig config;
  config.maximum_retry_attempts = optional_integer(object, "maximum_retry_attempts");
  config.maximum_event_age_seconds = optional_integer(object, "maximum_event_age_seconds");
  Members members(object);
  config.last_modified_milliseconds = members.integer("last_modified_milliseconds");
  if (!members.complete()) return unreadable();
  return config;
}

Result<Policy> policy_of(json::Element element) {
  json::Object object;
  if (element.get(object) != simdjson::SUCCESS) return unreadable();
  Members members(object);
  Policy policy{members.texts("statements"), members.text("revision_id")};
  if (!members.complete()) return unreadable();
  return policy;
}

}  // namespace

void set_code(FunctionVersion& version, CodePointer code) {
  version.code_directory = code->directory;
  version.code_sha256 = code->sha256;
  version.code_bytes = code->zip_bytes;
  version.code = std::move(code);
}

std::string write_version(const FunctionVersion& version) {
  std::string text;
  json::Writer writer(text);
  write_members(writer, version);
  return text;
}

std::string write_function(const Function& function) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.member("name", function.name);
  writer.key("latest");
  write_members(writer, *function.latest);
  writer.member("next_version", static_cast<int64_t>(function.next_version));
  writer.key("aliases");
  writer.begin_object();
  for (const auto& [name, alias] : function.aliases) {
    writer.key(name);
    write_alias(writer, alias);
  }
  writer.end_object();
  write_texts(writer, "tags", function.tags);
  if (function.reserved_concurrency) {
    writer.member("reserved_concurrency", *function.reserved_concurrency);
  }
  writer.key("event_invoke_configs");
  writer.begin_object();
  for (const auto& [qualifier, config] : function.event_invoke_configs) {
    writer.key(qualifier);
    write_event_invoke_config(writer, config);
  }
  writer.end_object();
  writer.key("policies");
  writer.begin_object();
  for (const auto& [qualifier, policy] : function.policies) {
    writer.key(qualifier);
    writer.begin_object();
    write_texts(writer, "statements", policy.statements);
    writer.member("revision_id", policy.revision_id);
    writer.end_object();
  }
  writer.end_object();
  writer.end_object();
  return text;
}

Result<FunctionVersion> read_version(ByteView text, const FindCode& codes) {
  const auto document = TRY(parse(text));
  return version_of(document.root(), codes);
}

Result<Function> read_function(ByteView text, const FindCode& codes) {
  const auto document = TRY(parse(text));
  const json::Object object(document.root());
  Members members(object);
  Function function;
  function.name = members.text("name");
  function.next_version = static_cast<uint64_t>(members.integer("next_version"));
  function.tags = members.texts("tags");
  function.reserved_concurrency = optional_integer(object, "reserved_concurrency");
  for (const auto& [name, element] : members.members("aliases")) {
    function.aliases[name] = TRY(alias_of(element));
  }
  for (const auto& [qualifier, element] : members.members("event_invoke_configs")) {
    function.event_invoke_configs[qualifier] = TRY(event_invoke_config_of(element));
  }
  for (const auto& [qualifier, element] : members.members("policies")) {
    function.policies[qualifier] = TRY(policy_of(element));
  }
  const auto latest = json::member(object, "latest");
  if (!latest || !members.complete()) return unreadable();
  function.latest = std::make_shared<const FunctionVersion>(TRY(version_of(*latest, codes)));
  return function;
}

}  // namespace millrace::functions
