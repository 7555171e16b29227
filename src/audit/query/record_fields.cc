#include "audit/query/record_fields.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace millrace::audit::query {
namespace {

constexpr auto kFields = std::to_array<RecordField>({
    {"eventVersion", ""},
    {"userIdentity", ""},
    {"eventTime", "strftime('%Y-%m-%d %H:%M:%S', time / 1000, 'unixepoch')"},
    {"eventSource", "source"},
    {"eventName", "name"},
    {"awsRegion", ""},
    {"sourceIPAddress", ""},
    {"userAgent", ""},
    {"errorCode", "error_code"},
    {"errorMessage", ""},
    {"requestParameters", ""},
    {"responseElements", ""},
    {"additionalEventData", ""},
    {"requestID", "request_id"},
    {"eventID", "id"},
    {"readOnly", "read_only"},
    {"resources", ""},
    {"eventType", ""},
    {"apiVersion", ""},
    {"managementEvent", "management"},
    {"recipientAccountId", ""},
    {"sharedEventID", ""},
    {"serviceEventDetails", ""},
    {"eventCategory", "CASE WHEN management THEN 'Management' ELSE 'Data' END"},
    {"tlsDetails", ""},
});

constexpr auto kMembers = std::to_array<std::string_view>(
    {"type", "principalId", "arn", "accountId", "accessKeyId", "userName", "invokedBy",
     "sessionContext", "sessionIssuer", "attributes", "creationDate", "mfaAuthenticated",
     "tlsVersion", "cipherSuite", "clientProvidedHostHeader"});

char small_letter(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equal_in_any_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, small_letter, small_letter);
}

std::span<const RecordField> record_fields() {
  return kFields;
}

const RecordField* find_record_field(std::string_view name) {
  const auto found = std::ranges::find_if(
      kFields, [&](const RecordField& field) { return equal_in_any_case(field.name, name); });
  return found == kFields.end() ? nullptr : &*found;
}

std::string spelled(const RecordField& field, std::string_view member) {
  if (field.name == "resources") {
    for (const std::string_view known : {"accountId", "type", "ARN"}) {
      if (equal_in_any_case(known, member)) return std::string(known);
    }
  }
  if (field.name == "userIdentity" || field.name == "tlsDetails") {
    for (const std::string_view known : kMembers) {
      if (equal_in_any_case(known, member)) return std::string(known);
    }
  }
  return std::string(member);
}

std::string select_record_fields() {
  std::string sql = "SELECT ";
  for (const RecordField& field : kFields) {
    if (sql.back() != ' ') sql += ", ";
    if (field.expression.empty()) {
      sql += fmt::format("json_extract(record, '$.{0}') AS {0}", field.name);
    } else {
      sql += fmt::format("{} AS {}", field.expression, field.name);
    }
  }
  return sql + " FROM main.event";
}

}  // namespace millrace::audit::query
