#include "cli/trail/findings.h"

#include <fmt/format.h>

namespace millrace::cli::trail {
namespace {

std::string line(FileKind kind, std::string_view bucket, std::string_view object,
                 std::string_view what) {
  return fmt::format("{}\t{}/{}\t{}", kind == FileKind::kDigest ? "Digest file" : "Log file",
                     bucket, object, what);
}

}  // namespace

void Findings::valid(FileKind kind, std::string_view bucket, std::string_view object) {
  ++tally_of(kind).valid;
  detail(line(kind, bucket, object, "valid"));
}

void Findings::invalid(FileKind kind, std::string_view bucket, std::string_view object,
                       std::string_view why) {
  ++tally_of(kind).invalid;
  print_(line(kind, bucket, object, fmt::format("INVALID: {}", why)));
}

void Findings::finding(std::string_view text) {
  ++others_;
  print_(text);
}

std::string Findings::ratio(FileKind kind) const {
  const Tally& tally = kind == FileKind::kDigest ? digests_ : log_files_;
  const char* name = kind == FileKind::kDigest ? "digest" : "log";
  const size_t total = tally.valid + tally.invalid;
  std::string text = fmt::format("{}/{} {} files valid", tally.valid, total, name);
  if (tally.invalid > 0) {
    text += fmt::format(", {}/{} {} files INVALID", tally.invalid, total, name);
  }
  return text;
}

}  // namespace millrace::cli::trail
