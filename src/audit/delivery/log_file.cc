#include "audit/delivery/log_file.h"

#include <algorithm>
#include <libdeflate.h>
#include <memory>

#include "audit/event_json.h"
#include "auth/digest.h"
#include "base/check.h"

namespace millrace::audit {
namespace {

constexpr std::string_view kBegin = R"({"Records":[)";
constexpr std::string_view kEnd = "]}";
constexpr int kCompressionLevel = 6;

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

// False: there is no room for it.
bool add(LogFileContent& content, const catalog::Site& site, const Event& event, size_t bytes_max) {
  const size_t before = content.text.size();
  if (content.events > 0) content.text.push_back(',');
  append_event_json(content.text, site, event);
  if (content.events > 0 && content.text.size() + kEnd.size() > bytes_max) {
    content.text.resize(before);
    return false;
  }
  const int64_t time = event.time_milliseconds;
  const bool is_first = content.events++ == 0;
  content.oldest_event_milliseconds =
      is_first ? time : std::min(content.oldest_event_milliseconds, time);
  content.newest_event_milliseconds =
      is_first ? time : std::max(content.newest_event_milliseconds, time);
  return true;
}

}  // namespace

Result<std::optional<LogFileContent>> read_log_file(Spool& spool, const catalog::Site& site,
                                                    SinkId sink, EventRange range, size_t bytes_max,
                                                    const std::atomic<bool>& stopped) {
  LogFileContent content;
  content.text = kBegin;
  content.end = range.to;
  TRY(spool.visit(range.from, [&](EventNumber number, const Event& event) {
    if (number >= range.to || stopped) return false;
    if (std::find(event.sinks.begin(), event.sinks.end(), sink) == event.sinks.end()) return true;
    if (add(content, site, event, bytes_max)) return true;
    content.is_full = true;
    content.end = number;
    return false;
  }));
  if (stopped) return std::optional<LogFileContent>();
  content.text += kEnd;
  return std::optional(std::move(content));
}

std::string hash_value(std::string_view text) {
  std::string hex;
  auth::append_hex(hex, auth::sha256(text));
  return hex;
}

Bytes gzip(std::string_view text) {
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(kCompressionLevel));
  MILLRACE_CHECK(compressor != nullptr);
  Bytes compressed(libdeflate_gzip_compress_bound(compressor.get(), text.size()), '\0');
  const size_t size = libdeflate_gzip_compress(compressor.get(), text.data(), text.size(),
                                               compressed.data(), compressed.size());
  MILLRACE_CHECK(size > 0);
  compressed.resize(size);
  return compressed;
}

}  // namespace millrace::audit
