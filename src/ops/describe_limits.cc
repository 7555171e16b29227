#include "ops/describe_limits.h"

#include "json/writer.h"

namespace millrace::ops {
namespace {

// What the service grants a new account; nothing here enforces them.
constexpr int64_t kAccountUnitsMax = 80'000;
constexpr int64_t kTableUnitsMax = 40'000;

}  // namespace

Result<std::string> describe_limits(const Call& /*call*/) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("AccountMaxReadCapacityUnits", kAccountUnitsMax);
  writer.member("AccountMaxWriteCapacityUnits", kAccountUnitsMax);
  writer.member("TableMaxReadCapacityUnits", kTableUnitsMax);
  writer.member("TableMaxWriteCapacityUnits", kTableUnitsMax);
  writer.end_object();
  return out;
}

}  // namespace millrace::ops
