#include "wire/error_response.h"

#include "json/writer.h"

namespace millrace::wire {

std::string error_body(const Error& error) {
  const std::string_view type = error_type(error.code);
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("__type", type);
  if (error.code == ErrorCode::kInternalServerError) {
    writer.member("message", "The server had an internal error; its log says more");
  } else if (!error.message.empty()) {
    // The front end's own errors spell the member with a capital.
    const bool front_end = type.starts_with("com.amazon.coral.service#");
    writer.member(front_end ? "Message" : "message", error.message);
  }
  writer.end_object();
  if (!error.members_json.empty()) out.insert(out.size() - 1, "," + error.members_json);
  return out;
}

}  // namespace millrace::wire
