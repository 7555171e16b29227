#include "wire/query_xml.h"

#include <fmt/format.h>

#include "json/document.h"

namespace millrace::wire {
namespace {

// What XML 1.0 has no way to write becomes the replacement character.
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_writable(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 || c == '\t' || c == '\n' || c == '\r';
}

void append_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default:
        if (is_writable(c)) {
          out += c;
        } else {
          out += kReplacement;
        }
    }
  }
}

void append_element(std::string& out, std::string_view name, json::Element value);

void append_members(std::string& out, json::Object object) {
  for (const auto [name, value] : object) {
    if (value.is_null()) continue;
    json::Array entries;
    if (name == "entry" && value.get(entries) == simdjson::SUCCESS) {
      for (const auto entry : entries) append_element(out, "entry", entry);
    } else {
      append_element(out, name, value);
    }
  }
}

void append_scalar(std::string& out, json::Element value) {
  if (value.is_string()) return append_text(out, value.get_string().value_unsafe());
  out += simdjson::minify(value);
}

void append_element(std::string& out, std::string_view name, json::Element value) {
  std::string content;
  json::Object object;
  json::Array array;
  if (value.get(object) == simdjson::SUCCESS) {
    append_members(content, object);
  } else if (value.get(array) == simdjson::SUCCESS) {
    for (const auto element : array) append_element(content, "member", element);
  } else {
    append_scalar(content, value);
  }
  if (content.empty()) {
    ((out += '<') += name) += "/>";
    return;
  }
  ((out += '<') += name) += '>';
  out += content;
  ((out += "</") += name) += '>';
}

struct Name {
  ErrorCode code;
  std::string_view name;
  int status;
};

// IAM API Reference, "Common errors"; other errors have one name in all services.
constexpr Name kNames[] = {
    {ErrorCode::kAccessDeniedException, "AccessDenied", 403},
    {ErrorCode::kExpiredTokenException, "ExpiredToken", 403},
    {ErrorCode::kIncompleteSignatureException, "IncompleteSignature", 400},
    {ErrorCode::kInternalFailure, "InternalFailure", 500},
    {ErrorCode::kInvalidSignatureException, "SignatureDoesNotMatch", 403},
    {ErrorCode::kMissingAuthenticationTokenException, "MissingAuthenticationToken", 403},
    {ErrorCode::kRequestEntityTooLargeException, "RequestEntityTooLarge", 413},
    {ErrorCode::kSerializationException, "MalformedInput", 400},
    {ErrorCode::kServiceUnavailableException, "ServiceUnavailable", 503},
    {ErrorCode::kThrottlingException, "Throttling", 400},
    {ErrorCode::kUnrecognizedClientException, "InvalidClientTokenId", 403},
    {ErrorCode::kValidationException, "ValidationError", 400},
};

}  // namespace

Result<std::string> query_response_body(std::string_view operation, std::string_view xml_namespace,
                                        std::string_view json, std::string_view request_id) {
  std::string out = fmt::format("<{}Response xmlns=\"{}\">", operation, xml_namespace);
  if (!json.empty()) {
    const auto document = json::Document::parse(json);
    if (!document.ok()) return internal_error("an operation's answer is not JSON");
    append_element(out, fmt::format("{}Result", operation), document->root());
  }
  out += fmt::format("<ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></{}Response>",
                     request_id, operation);
  return out;
}

QueryError query_error(const Error& error) {
  if (error.code == ErrorCode::kInternalServerError) {
    return {"InternalFailure", 500, "The server had an internal error; its log says more"};
  }
  for (const Name& name : kNames) {
    if (name.code == error.code) return {name.name, name.status, error.message};
  }
  return {error_name(error.code), error_http_status(error.code), error.message};
}

std::string query_error_body(const QueryError& error, std::string_view xml_namespace,
                             std::string_view request_id) {
  std::string out =
      fmt::format("<ErrorResponse xmlns=\"{}\"><Error><Type>{}</Type><Code>{}</Code><Message>",
                  xml_namespace, error.status >= 500 ? "Receiver" : "Sender", error.code);
  append_text(out, error.message);
  out += fmt::format("</Message></Error><RequestId>{}</RequestId></ErrorResponse>", request_id);
  return out;
}

}  // namespace millrace::wire
