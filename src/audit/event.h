// What is known of one request that the trail records, before it takes CloudTrail's form.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace millrace::audit {

// A trail, or an event data store. Never 0, never used twice.
using SinkId = uint64_t;

enum class Category : uint8_t { kManagement, kData };

// An element of `resources`.
struct Resource {
  std::string type;  // "AWS::DynamoDB::Table"
  std::string arn;

  friend bool operator==(const Resource&, const Resource&) = default;
};

enum class IdentityType : uint8_t {
  // What nobody has checked. An access key id is an IAM user that is named by it; none is an
  // anonymous caller. Such an identity has nothing else.
  kClaimed = 0,
  kUnknown = 1,  // refused: the access key id is only what it claimed
  kRoot = 2,
  kUser = 3,
  kAssumedRole = 4,
  kFederatedUser = 5,
  kService = 6,  // user_name is "lambda.amazonaws.com"
};

// Who asked: CloudTrail's userIdentity.
struct Identity {
  std::string access_key_id = {};
  IdentityType type = IdentityType::kClaimed;
  std::string principal_id = {};
  std::string arn = {};
  std::string account_id = {};
  std::string user_name = {};
  // Of temporary credentials, else empty and 0.
  std::string issuer_arn = {};  // of the role, user or root whose session it is
  std::string issuer_id = {};
  std::string issuer_name = {};
  int64_t session_began_seconds = 0;

  friend bool operator==(const Identity&, const Identity&) = default;
};

// Of a connection without TLS, protocol and cipher suite are empty.
struct Connection {
  std::string source_address = {};  // of the peer, without the port
  std::string user_agent = {};      // as the client sent it, uncut
  std::string host = {};            // the header Host
  std::string tls_version = {};     // "TLSv1.3"
  std::string cipher_suite = {};    // "TLS_AES_128_GCM_SHA256"

  friend bool operator==(const Connection&, const Connection&) = default;
};

// Texts that are JSON are complete values; empty stands for null.
struct Event {
  int64_t time_milliseconds = 0;  // when the request came
  std::string event_id = {};      // a UUID
  Category category = Category::kManagement;
  bool read_only = false;
  std::string event_source = {};  // "dynamodb.amazonaws.com"
  std::string event_name = {};    // "PutItem"
  std::string api_version = {};   // "2012-08-10"
  std::string request_id = {};    // the x-amzn-RequestId that the caller saw
  Identity identity = {};
  Connection connection = {};
  std::string request_parameters_json = {};
  std::string response_elements_json = {};
  std::string additional_event_data_json = {};
  // Of an event that no request caused (eventType AwsServiceEvent): serviceEventDetails.
  std::string service_event_details_json = {};
  std::vector<Resource> resources = {};
  std::string error_code = {};  // empty: the request succeeded
  std::string error_message = {};
  // Whose selectors covered it when it happened. A management event without any is in the event
  // history alone.
  std::vector<SinkId> sinks = {};

  friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace millrace::audit
