#include "audit/delivery/state.h"

namespace millrace::audit {
namespace {

constexpr uint8_t kVersion = 1;

// Members in their order, once for writing and reading.
template <typename Fields, typename Any>
requires std::same_as<std::remove_const_t<Any>, LogFilePlan>
void visit(Fields& fields, Any& plan) {
  fields(plan.bucket, plan.key_prefix, plan.object, plan.end, plan.hash_value,
         plan.oldest_event_milliseconds, plan.newest_event_milliseconds);
}
template <typename Fields, typename Any>
requires std::same_as<std::remove_const_t<Any>, DigestPlan>
void visit(Fields& fields, Any& plan) {
  fields(plan.bucket, plan.object, plan.end_milliseconds, plan.public_key_fingerprint,
         plan.log_files_end, plan.ends_chain);
}
template <typename Fields, typename Any>
requires std::same_as<std::remove_const_t<Any>, DigestChain>
void visit(Fields& fields, Any& chain) {
  fields(chain.bucket, chain.key_prefix, chain.start_milliseconds, chain.previous.bucket,
         chain.previous.object, chain.previous.hash_value, chain.previous.signature);
}
template <typename Fields, typename Any>
requires std::same_as<std::remove_const_t<Any>, FilesState>
void visit(Fields& fields, Any& state) {
  fields(state.log_file, state.digest, state.chain, state.first_log_file, state.next_log_file,
         state.latest_delivery_milliseconds, state.latest_attempt_milliseconds, state.latest_error,
         state.latest_digest_milliseconds, state.latest_digest_error);
}
template <typename Fields, typename Any>
requires std::same_as<std::remove_const_t<Any>, GroupState>
void visit(Fields& fields, Any& state) {
  fields(state.latest_delivery_milliseconds, state.latest_error);
}
template <typename Fields, typename Any>
requires std::same_as<std::remove_const_t<Any>, DigestedLogFile>
void visit(Fields& fields, Any& log_file) {
  fields(log_file.object, log_file.hash_value, log_file.oldest_event_milliseconds,
         log_file.newest_event_milliseconds);
}

class FieldWriter {
 public:
  explicit FieldWriter(Bytes& out) : out_(out) {}

  template <typename... Values>
  void operator()(const Values&... values) {
    (write(values), ...);
  }

 private:
  void write(const std::string& value) { append_sized(out_, value); }
  void write(uint64_t value) { append_varint(out_, value); }
  void write(int64_t value) { append_varint(out_, static_cast<uint64_t>(value)); }
  void write(bool value) { append_varint(out_, value ? 1 : 0); }
  template <typename Value>
  void write(const std::optional<Value>& value) {
    write(value.has_value());
    if (value) write(*value);
  }
  template <typename Record>
  requires std::is_class_v<Record>
  void write(const Record& record) { visit(*this, record); }

  Bytes& out_;
};

// Remembers whether anything was missing.
class FieldReader {
 public:
  explicit FieldReader(ByteView value) : reader_(value) {}
  [[nodiscard]] bool is_complete() const { return ok_ && reader_.empty(); }

  template <typename... Values>
  void operator()(Values&... values) {
    (read(values), ...);
  }

 private:
  uint64_t number() {
    const auto value = reader_.read_varint();
    ok_ = ok_ && value.has_value();
    return value.value_or(0);
  }
  void read(std::string& value) {
    const auto bytes = reader_.read_sized();
    ok_ = ok_ && bytes.has_value();
    value = bytes.value_or(ByteView());
  }
  void read(uint64_t& value) { value = number(); }
  void read(int64_t& value) { value = static_cast<int64_t>(number()); }
  void read(bool& value) { value = number() != 0; }
  template <typename Value>
  void read(std::optional<Value>& value) {
    bool is_there = false;
    read(is_there);
    if (is_there) read(value.emplace());
  }
  template <typename Record>
  requires std::is_class_v<Record>
  void read(Record& record) { visit(*this, record); }

  ByteReader reader_;
  bool ok_ = true;
};

template <typename Record>
Bytes encode(const Record& record) {
  Bytes out(1, static_cast<char>(kVersion));
  FieldWriter writer(out);
  visit(writer, record);
  return out;
}

template <typename Record>
Result<Record> decode(ByteView value) {
  const Error damaged = internal_error("what the audit trail keeps of its deliveries is damaged");
  if (value.empty() || static_cast<uint8_t>(value[0]) != kVersion) return damaged;
  FieldReader reader(value.substr(1));
  Record record;
  visit(reader, record);
  if (!reader.is_complete()) return damaged;
  return record;
}

}  // namespace

Bytes encode_files_state(const FilesState& state) {
  return encode(state);
}
Bytes encode_group_state(const GroupState& state) {
  return encode(state);
}
Bytes encode_log_file(const DigestedLogFile& log_file) {
  return encode(log_file);
}

Result<FilesState> decode_files_state(ByteView value) {
  return decode<FilesState>(value);
}
Result<GroupState> decode_group_state(ByteView value) {
  return decode<GroupState>(value);
}
Result<DigestedLogFile> decode_log_file(ByteView value) {
  return decode<DigestedLogFile>(value);
}

}  // namespace millrace::audit
