#include "functions/runner_updates.h"

#include <set>
#include <string>

namespace millrace::functions {
namespace {

std::set<std::string> revisions_of(const FunctionPointer& function) {
  std::set<std::string> revisions;
  if (!function) return revisions;
  revisions.insert(function->latest->revision_id);
  for (const auto& [number, version] : function->published) {
    revisions.insert(version->revision_id);
  }
  return revisions;
}

void retire_others(FunctionRunner& runner, const FunctionPointer& before,
                   const FunctionPointer& now) {
  if (!before) return;
  if (!now) return runner.retire(before->name, "");
  const auto revisions = revisions_of(now);
  for (const std::string& revision : revisions_of(before)) {
    if (!revisions.contains(revision)) runner.retire(before->name, revision);
  }
}

std::optional<int64_t> reserved_by(const FunctionPointer& function) {
  return function ? function->reserved_concurrency : std::nullopt;
}

}  // namespace

void keep_runner_updated(FunctionStore& store, FunctionRunner& runner) {
  for (const FunctionPointer& function : store.list("", SIZE_MAX)) {
    if (function->reserved_concurrency)
      runner.reserve(function->name, function->reserved_concurrency);
  }
  store.set_listener([&runner](const FunctionPointer& before, const FunctionPointer& now) {
    const std::string& name = (now ? now : before)->name;
    retire_others(runner, before, now);
    if (reserved_by(before) != reserved_by(now)) runner.reserve(name, reserved_by(now));
  });
}

}  // namespace millrace::functions
