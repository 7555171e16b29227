#include "audit/event_json.h"

#include "audit/event_date.h"
#include "audit/event_text.h"
#include "audit/identity_json.h"
#include "json/writer.h"

namespace millrace::audit {
namespace {

constexpr size_t kEventBytesMax = 256 * 1024;
constexpr size_t kResourcesBytesMax = 128 * 1024;
constexpr size_t kFieldBytesMax = 1024;  // of userAgent, errorCode, errorMessage
constexpr size_t kParametersBytesMax = 100 * 1024;
constexpr size_t kAdditionalEventDataBytesMax = 28 * 1024;

void write_user_identity(json::Writer& writer, std::string& out, const catalog::Site& site,
                         const Event& event) {
  writer.key("userIdentity");
  if (event.service_event_details_json.empty()) {
    write_identity(writer, out, site, event.identity);
    return;
  }
  writer.begin_object();
  writer.member("accountId", site.account_id);
  writer.member("invokedBy", event.event_source);
  writer.end_object();
}

// A member that is JSON already; CloudTrail's words for it when it is longer than it may be.
void write_json(json::Writer& writer, std::string_view name, std::string_view json,
                size_t bytes_max) {
  writer.key(name);
  if (json.size() <= bytes_max) return writer.raw(json.empty() ? "null" : json);
  writer.begin_object();
  writer.member("omitted", true);
  writer.member("reason", std::string(name) + " too large");
  writer.end_object();
}

void write_resources(json::Writer& writer, const std::string& out, const catalog::Site& site,
                     const std::vector<Resource>& resources) {
  if (resources.empty()) return;
  const size_t begin = out.size();
  writer.key("resources");
  writer.begin_array();
  for (const Resource& resource : resources) {
    if (out.size() - begin + resource.arn.size() > kResourcesBytesMax) break;
    writer.begin_object();
    const std::string_view account = account_of_arn(resource.arn);
    writer.member("accountId", account.empty() ? std::string_view(site.account_id) : account);
    writer.member("type", resource.type);
    writer.member("ARN", resource.arn);
    writer.end_object();
  }
  writer.end_array();
}

void write_connection(json::Writer& writer, const Connection& connection) {
  if (connection.host.empty() && connection.tls_version.empty()) return;
  writer.key("tlsDetails");
  writer.begin_object();
  write_text(writer, "tlsVersion", connection.tls_version, kFieldBytesMax);
  write_text(writer, "cipherSuite", connection.cipher_suite, kFieldBytesMax);
  write_text(writer, "clientProvidedHostHeader", connection.host, kFieldBytesMax);
  writer.end_object();
}

void write_request(json::Writer& writer, const catalog::Site& site, const Event& event) {
  writer.member("eventSource", event.event_source);
  writer.member("eventName", event.event_name);
  writer.member("awsRegion", site.region);
  const bool of_service = !event.service_event_details_json.empty();
  const std::string_view address = event.connection.source_address;
  write_text(writer, "sourceIPAddress",
             address.empty() && of_service ? std::string_view(event.event_source) : address,
             kFieldBytesMax);
  write_text(writer, "userAgent", event.connection.user_agent, kFieldBytesMax);
  write_text(writer, "errorCode", event.error_code, kFieldBytesMax);
  write_text(writer, "errorMessage", event.error_message, kFieldBytesMax);
}

void write_record(std::string& out, const catalog::Site& site, const Event& event,
                  size_t parameters_bytes_max) {
  const bool of_service = !event.service_event_details_json.empty();
  json::Writer writer(out);
  writer.begin_object();
  writer.member("eventVersion", "1.11");
  write_user_identity(writer, out, site, event);
  writer.key("eventTime");
  writer.raw("\"");
  append_event_time(out, event.time_milliseconds);
  out.push_back('"');
  write_request(writer, site, event);
  write_json(writer, "requestParameters", event.request_parameters_json, parameters_bytes_max);
  write_json(writer, "responseElements", event.response_elements_json, parameters_bytes_max);
  if (!event.additional_event_data_json.empty()) {
    write_json(writer, "additionalEventData", event.additional_event_data_json,
               kAdditionalEventDataBytesMax);
  }
  if (!event.request_id.empty()) writer.member("requestID", event.request_id);
  writer.member("eventID", event.event_id);
  writer.member("readOnly", event.read_only);
  write_resources(writer, out, site, event.resources);
  writer.member("eventType", of_service ? "AwsServiceEvent" : "AwsApiCall");
  if (!event.api_version.empty()) writer.member("apiVersion", event.api_version);
  writer.member("managementEvent", event.category == Category::kManagement);
  writer.member("recipientAccountId", site.account_id);
  if (of_service) {
    write_json(writer, "serviceEventDetails", event.service_event_details_json,
               kParametersBytesMax);
  }
  writer.member("eventCategory", event.category == Category::kManagement ? "Management" : "Data");
  write_connection(writer, event.connection);
  writer.end_object();
}

}  // namespace

void append_event_json(std::string& out, const catalog::Site& site, const Event& event) {
  const size_t begin = out.size();
  write_record(out, site, event, kParametersBytesMax);
  if (out.size() - begin <= kEventBytesMax) return;
  out.resize(begin);
  write_record(out, site, event, kFieldBytesMax);
}

}  // namespace millrace::audit
