#include <set>

#include "functions/operations/operations.h"
#include "functions/operations/reserved_concurrency.h"
#include "json/writer.h"

namespace millrace::functions {
namespace {

constexpr int64_t kZippedBytesMax = 52'428'800;
constexpr int64_t kUnzippedBytesMax = 262'144'000;

// Every code once, whatever versions share it.
int64_t code_bytes(const std::vector<FunctionPointer>& functions) {
  std::set<const Code*> seen;
  int64_t bytes = 0;
  const auto add = [&](const FunctionVersion& version) {
    if (version.code && seen.insert(version.code.get()).second) bytes += version.code_bytes;
  };
  for (const FunctionPointer& function : functions) {
    add(*function->latest);
    for (const auto& [number, version] : function->published) add(*version);
  }
  return bytes;
}

}  // namespace

Result<std::string> get_account_settings(FunctionApi& api, const api::Request& /*request*/) {
  const auto functions = api.store.list("", SIZE_MAX);
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  writer.key("AccountLimit");
  writer.begin_object();
  writer.member("TotalCodeSize", api.codes.bytes_max());
  writer.member("CodeSizeUnzipped", kUnzippedBytesMax);
  writer.member("CodeSizeZipped", kZippedBytesMax);
  writer.member("ConcurrentExecutions", api.concurrency_max);
  writer.member("UnreservedConcurrentExecutions", api.concurrency_max - reserved_concurrency(api));
  writer.end_object();
  writer.key("AccountUsage");
  writer.begin_object();
  writer.member("TotalCodeSize", code_bytes(functions));
  writer.member("FunctionCount", static_cast<int64_t>(functions.size()));
  writer.end_object();
  writer.end_object();
  return text;
}

}  // namespace millrace::functions
