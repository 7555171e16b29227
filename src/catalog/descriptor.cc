#include "catalog/descriptor.h"

#include "catalog/resource_policy.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::catalog {
namespace {

using json::Element;
using json::Writer;

void write_attribute(Writer& writer, const KeyAttribute& attribute) {
  writer.begin_object();
  writer.member("name", attribute.name);
  writer.member("type", attribute_type_name(attribute.type));
  writer.end_object();
}

void write_key_schema(Writer& writer, const KeySchema& schema) {
  writer.key("partition_key");
  write_attribute(writer, schema.partition_key);
  if (schema.sort_key) {
    writer.key("sort_key");
    write_attribute(writer, *schema.sort_key);
  }
}

void write_throughput(Writer& writer, const Throughput& throughput) {
  writer.key("throughput");
  writer.begin_object();
  writer.member("read_capacity_units", throughput.read_capacity_units);
  writer.member("write_capacity_units", throughput.write_capacity_units);
  writer.member("last_increase_milliseconds", throughput.last_increase_milliseconds);
  writer.member("last_decrease_milliseconds", throughput.last_decrease_milliseconds);
  writer.member("decreases_today", throughput.decreases_today);
  writer.end_object();
}

void write_attributes(Writer& writer, std::string_view member,
                      const std::vector<KeyAttribute>& attributes) {
  writer.key(member);
  writer.begin_array();
  for (const KeyAttribute& attribute : attributes) write_attribute(writer, attribute);
  writer.end_array();
}

void write_index(Writer& writer, const Index& index) {
  writer.begin_object();
  writer.member("name", index.name);
  writer.member("number", static_cast<int64_t>(index.number));
  writer.member("global", index.global);
  write_attributes(writer, "partition_keys", index.key_schema.partition_keys);
  write_attributes(writer, "sort_keys", index.key_schema.sort_keys);
  writer.member("projection_type", projection_type_name(index.projection_type));
  writer.key("non_key_attributes");
  writer.begin_array();
  for (const std::string& name : index.non_key_attributes) writer.string(name);
  writer.end_array();
  write_throughput(writer, index.throughput);
  writer.member("backfilling", index.backfilling);
  writer.member("partition", static_cast<int64_t>(index.partition));
  writer.end_object();
}

void write_indexes(Writer& writer, const Table& table) {
  writer.key("indexes");
  writer.begin_array();
  for (const Index& index : table.indexes) write_index(writer, index);
  writer.end_array();
}

void write_time_to_live(Writer& writer, const TimeToLive& time_to_live) {
  writer.key("time_to_live");
  writer.begin_object();
  writer.member("attribute_name", time_to_live.attribute_name);
  writer.member("number", static_cast<int64_t>(time_to_live.number));
  writer.member("backfilling", time_to_live.backfilling);
  writer.member("partition", static_cast<int64_t>(time_to_live.partition));
  writer.end_object();
}

void write_tags(Writer& writer, const Tags& tags) {
  writer.key("tags");
  writer.begin_array();
  for (const auto& [key, value] : tags) {
    writer.begin_object();
    writer.member("key", key);
    writer.member("value", value);
    writer.end_object();
  }
  writer.end_array();
}

void write_resource_policy(Writer& writer, const ResourcePolicyPointer& policy) {
  if (!policy) return;
  writer.key("resource_policy");
  writer.begin_object();
  writer.member("revision_id", policy->revision_id);
  writer.member("json", policy->json);
  writer.end_object();
}

void write_shard(Writer& writer, const Shard& shard) {
  writer.begin_object();
  writer.member("id", shard.id);
  if (shard.parent_id) writer.member("parent_id", *shard.parent_id);
  writer.member("partition", static_cast<int64_t>(shard.partition));
  writer.member("created_milliseconds", shard.created_milliseconds);
  if (shard.last) writer.member("closed_milliseconds", shard.closed_milliseconds);
  writer.member("first", static_cast<int64_t>(shard.first));
  if (shard.last) writer.member("last", static_cast<int64_t>(*shard.last));
  writer.end_object();
}

// Reads members one after the other and remembers whether any was missing or of another type.
class Reader {
 public:
  explicit Reader(Element object) { ok_ = object.get(object_) == simdjson::SUCCESS; }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool has(std::string_view name) const { return ok_ && json::member(object_, name); }

  Element element(std::string_view name) {
    auto found = ok_ ? json::member(object_, name) : std::nullopt;
    ok_ = ok_ && found.has_value();
    return found.value_or(Element());
  }
  std::string string(std::string_view name) { return std::string(get<std::string_view>(name)); }
  int64_t integer(std::string_view name) { return get<int64_t>(name); }
  bool boolean(std::string_view name) { return get<bool>(name); }
  std::vector<Element> array(std::string_view name) {
    auto array = get<json::Array>(name);
    if (!ok_) return {};
    return {array.begin(), array.end()};
  }
  // Marks the whole as unreadable unless `condition`.
  void require(bool condition) { ok_ = ok_ && condition; }

 private:
  template <typename T>
  T get(std::string_view name) {
    T value{};
    Element found = element(name);
    if (ok_) ok_ = found.get(value) == simdjson::SUCCESS;
    return value;
  }

  json::Object object_;
  bool ok_;
};

KeyAttribute read_attribute(Reader& parent, Element element) {
  Reader reader(element);
  KeyAttribute attribute;
  attribute.name = reader.string("name");
  auto type = attribute_type_of_name(reader.string("type"));
  parent.require(reader.ok() && type.has_value());
  attribute.type = type.value_or(AttributeType::kString);
  return attribute;
}

KeySchema read_key_schema(Reader& reader) {
  KeySchema schema;
  Element partition_key = reader.element("partition_key");
  if (reader.ok()) schema.partition_key = read_attribute(reader, partition_key);
  if (reader.has("sort_key")) schema.sort_key = read_attribute(reader, reader.element("sort_key"));
  return schema;
}

Throughput read_throughput(Reader& parent) {
  Element element = parent.element("throughput");
  Throughput throughput;
  if (!parent.ok()) return throughput;
  Reader reader(element);
  throughput.read_capacity_units = reader.integer("read_capacity_units");
  throughput.write_capacity_units = reader.integer("write_capacity_units");
  throughput.last_increase_milliseconds = reader.integer("last_increase_milliseconds");
  throughput.last_decrease_milliseconds = reader.integer("last_decrease_milliseconds");
  throughput.decreases_today = reader.integer("decreases_today");
  parent.require(reader.ok());
  return throughput;
}

std::vector<KeyAttribute> read_attributes(Reader& parent, std::string_view member) {
  std::vector<KeyAttribute> attributes;
  for (Element element : parent.array(member)) {
    attributes.push_back(read_attribute(parent, element));
  }
  return attributes;
}

Index read_index(Reader& parent, Element element) {
  Reader reader(element);
  Index index;
  index.name = reader.string("name");
  index.number = static_cast<uint32_t>(reader.integer("number"));
  index.global = reader.boolean("global");
  index.key_schema.partition_keys = read_attributes(reader, "partition_keys");
  index.key_schema.sort_keys = read_attributes(reader, "sort_keys");
  const auto projection_type = projection_type_of_name(reader.string("projection_type"));
  index.projection_type = projection_type.value_or(ProjectionType::kAll);
  for (Element name : reader.array("non_key_attributes")) {
    std::string_view text;
    reader.require(name.get(text) == simdjson::SUCCESS);
    index.non_key_attributes.emplace_back(text);
  }
  index.throughput = read_throughput(reader);
  index.backfilling = reader.boolean("backfilling");
  index.partition = static_cast<engine::PartitionId>(reader.integer("partition"));
  parent.require(reader.ok() && projection_type && !index.key_schema.partition_keys.empty());
  return index;
}

TimeToLive read_time_to_live(Reader& parent) {
  TimeToLive time_to_live;
  Reader reader(parent.element("time_to_live"));
  time_to_live.attribute_name = reader.string("attribute_name");
  time_to_live.number = static_cast<uint32_t>(reader.integer("number"));
  time_to_live.backfilling = reader.boolean("backfilling");
  time_to_live.partition = static_cast<engine::PartitionId>(reader.integer("partition"));
  parent.require(reader.ok());
  return time_to_live;
}

Tags read_tags(Reader& parent) {
  Tags tags;
  for (Element element : parent.array("tags")) {
    Reader reader(element);
    tags[reader.string("key")] = reader.string("value");
    parent.require(reader.ok());
  }
  return tags;
}

ResourcePolicyPointer read_resource_policy(Reader& parent) {
  if (!parent.has("resource_policy")) return nullptr;
  Reader reader(parent.element("resource_policy"));
  ResourcePolicy policy;
  policy.revision_id = reader.string("revision_id");
  policy.json = reader.string("json");
  auto read = policy::read_policy(policy.json, policy::DocumentKind::kResource);
  parent.require(reader.ok() && read.ok());
  if (read.ok()) policy.policy = std::move(*read);
  return std::make_shared<const ResourcePolicy>(std::move(policy));
}

// A shard without times of its own began and ended with its stream.
Shard read_shard(Reader& parent, Element element, const Stream& stream) {
  Reader reader(element);
  Shard shard;
  shard.id = reader.string("id");
  if (reader.has("parent_id")) shard.parent_id = reader.string("parent_id");
  shard.partition = static_cast<engine::PartitionId>(reader.integer("partition"));
  shard.first = static_cast<engine::LogPosition>(reader.integer("first"));
  if (reader.has("created_milliseconds")) {
    shard.created_milliseconds = reader.integer("created_milliseconds");
  } else {
    shard.created_milliseconds = stream.created_milliseconds;
  }
  if (reader.has("last")) {
    shard.last = static_cast<engine::LogPosition>(reader.integer("last"));
    shard.closed_milliseconds = reader.has("closed_milliseconds")
                                    ? reader.integer("closed_milliseconds")
                                    : stream.disabled_milliseconds;
  }
  parent.require(reader.ok());
  return shard;
}

Error unreadable(std::string_view what) {
  return internal_error("a stored " + std::string(what) + " descriptor cannot be read");
}

}  // namespace

std::string write_table(const Table& table) {
  std::string out;
  Writer writer(out);
  writer.begin_object();
  writer.member("id", table.id);
  writer.member("name", table.name);
  writer.member("created_milliseconds", table.created_milliseconds);
  write_key_schema(writer, table.key_schema);
  write_attributes(writer, "attribute_definitions", table.attribute_definitions);
  writer.member("pay_per_request", table.billing_mode == BillingMode::kPayPerRequest);
  writer.member("pay_per_request_since_milliseconds", table.pay_per_request_since_milliseconds);
  write_throughput(writer, table.throughput);
  writer.member("deletion_protection", table.deletion_protection);
  writer.member("table_class", table.table_class);
  if (!table.tags.empty()) write_tags(writer, table.tags);
  if (!table.indexes.empty()) write_indexes(writer, table);
  if (table.time_to_live) write_time_to_live(writer, *table.time_to_live);
  write_resource_policy(writer, table.resource_policy);
  writer.member("next_index_number", static_cast<int64_t>(table.next_index_number));
  writer.member("items_partition", static_cast<int64_t>(table.items_partition));
  writer.key("partitions");
  writer.begin_array();
  for (const Partition& partition : table.partitions) {
    writer.begin_object();
    writer.member("id", static_cast<int64_t>(partition.id));
    // As text: a hash does not fit in JSON's signed integers.
    writer.member("first_hash", std::to_string(partition.first_hash));
    writer.end_object();
  }
  writer.end_array();
  if (table.latest_stream) writer.member("latest_stream", table.latest_stream->label);
  writer.end_object();
  return out;
}

Result<ReadTable> read_table(std::string_view text) {
  auto document = TRY(json::Document::parse(text));
  Reader reader(document.root());
  ReadTable read;
  Table& table = read.table;
  table.id = reader.string("id");
  table.name = reader.string("name");
  table.created_milliseconds = reader.integer("created_milliseconds");
  table.key_schema = read_key_schema(reader);
  table.attribute_definitions = read_attributes(reader, "attribute_definitions");
  table.billing_mode =
      reader.boolean("pay_per_request") ? BillingMode::kPayPerRequest : BillingMode::kProvisioned;
  table.pay_per_request_since_milliseconds = reader.integer("pay_per_request_since_milliseconds");
  table.throughput = read_throughput(reader);
  table.deletion_protection = reader.boolean("deletion_protection");
  table.table_class = reader.string("table_class");
  if (reader.has("tags")) table.tags = read_tags(reader);
  if (reader.has("indexes")) {
    for (Element index : reader.array("indexes")) {
      table.indexes.push_back(read_index(reader, index));
    }
  }
  if (reader.has("time_to_live")) table.time_to_live = read_time_to_live(reader);
  table.resource_policy = read_resource_policy(reader);
  if (reader.has("next_index_number")) {
    table.next_index_number = static_cast<uint32_t>(reader.integer("next_index_number"));
  }
  for (Element element : reader.array("partitions")) {
    Reader partition(element);
    const auto id = static_cast<engine::PartitionId>(partition.integer("id"));
    const std::string first_hash = partition.string("first_hash");
    reader.require(partition.ok());
    table.partitions.push_back({id, std::strtoull(first_hash.c_str(), nullptr, 10)});
  }
  if (reader.has("latest_stream")) read.latest_stream_label = reader.string("latest_stream");
  reader.require(!table.partitions.empty() && table.partitions.front().first_hash == 0);
  if (reader.has("items_partition")) {
    table.items_partition = static_cast<engine::PartitionId>(reader.integer("items_partition"));
  } else if (reader.ok()) {
    table.items_partition = table.partitions.front().id;
  }
  if (!reader.ok()) return unreadable("table");
  return read;
}

std::string write_stream(const Stream& stream) {
  std::string out;
  Writer writer(out);
  writer.begin_object();
  writer.member("table_name", stream.table_name);
  writer.member("table_id", stream.table_id);
  writer.member("label", stream.label);
  write_key_schema(writer, stream.key_schema);
  writer.member("view_type", stream_view_type_name(stream.view_type));
  writer.member("enabled", stream.enabled);
  writer.member("created_milliseconds", stream.created_milliseconds);
  writer.member("disabled_milliseconds", stream.disabled_milliseconds);
  writer.member("retention_seconds", stream.retention_seconds);
  write_resource_policy(writer, stream.resource_policy);
  writer.key("shards");
  writer.begin_array();
  for (const Shard& shard : stream.shards) write_shard(writer, shard);
  writer.end_array();
  writer.end_object();
  return out;
}

Result<Stream> read_stream(std::string_view text) {
  auto document = TRY(json::Document::parse(text));
  Reader reader(document.root());
  Stream stream;
  stream.table_name = reader.string("table_name");
  stream.table_id = reader.string("table_id");
  stream.label = reader.string("label");
  stream.key_schema = read_key_schema(reader);
  auto view_type = stream_view_type_of_name(reader.string("view_type"));
  stream.enabled = reader.boolean("enabled");
  stream.created_milliseconds = reader.integer("created_milliseconds");
  stream.disabled_milliseconds = reader.integer("disabled_milliseconds");
  if (reader.has("retention_seconds")) {
    stream.retention_seconds = reader.integer("retention_seconds");
  }
  stream.resource_policy = read_resource_policy(reader);
  for (Element shard : reader.array("shards")) {
    stream.shards.push_back(read_shard(reader, shard, stream));
  }
  if (!reader.ok() || !view_type) return unreadable("stream");
  stream.view_type = *view_type;
  return stream;
}

}  // namespace millrace::catalog
