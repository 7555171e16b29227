#include "functions/policy_text.h"

#include "json/writer.h"

namespace millrace::functions {

std::string policy_text(const Policy& policy) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.member("Version", "2012-10-17");
  writer.member("Id", "default");
  writer.key("Statement");
  writer.begin_array();
  for (const auto& [id, statement] : policy.statements) writer.raw(statement);
  writer.end_array();
  writer.end_object();
  return text;
}

}  // namespace millrace::functions
