// How the server reaches what OnFailure destinations name.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace millrace::triggers {

// Of an endpoint: "http://127.0.0.1:9324", without a path of its own unless the service has one.
// Empty: there is no such service, and mappings cannot have such a destination.
struct DestinationSettings {
  // Where buckets are directories, unless there is an s3_endpoint.
  std::string buckets_directory;
  std::string s3_endpoint;
  std::string sqs_endpoint;
  std::string sns_endpoint;
  std::string events_endpoint;
  // What requests to endpoints are signed with; empty: they are not signed.
  std::string access_key_id;
  std::string secret_access_key;
  std::string region = "us-east-1";  // of s3_endpoint; the others are in the ARNs
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds timeout{30'000};  // of a delivery
  // Of what waits for delivery, for each service.
  size_t waiting_bytes_max = 64 * 1024 * 1024;
};

}  // namespace millrace::triggers
