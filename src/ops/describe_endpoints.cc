#include "ops/describe_endpoints.h"

#include "json/writer.h"

namespace millrace::ops {
namespace {

constexpr int64_t kCachePeriodMinutes = 1440;

}  // namespace

// The address that the client used: a client that follows the answer stays with this server.
Result<std::string> describe_endpoints(const Call& call) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("Endpoints");
  writer.begin_array();
  writer.begin_object();
  writer.member("Address", call.host);
  writer.member("CachePeriodInMinutes", kCachePeriodMinutes);
  writer.end_object();
  writer.end_array();
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
