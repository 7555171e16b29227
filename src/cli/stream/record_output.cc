#include "cli/stream/record_output.h"

#include <cerrno>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace millrace::cli::stream {

Status RecordOutput::write(std::string_view shard_id, const std::vector<json::Object>& records) {
  std::string text;
  const RecordOrigin origin{options_.stream_arn, shard_id};
  for (const json::Object record : records) {
    TRY(append_record(text, record, origin, options_.format, options_.is_coloured));
  }
  const std::scoped_lock lock(mutex_);
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<size_t>(written));
    } else if (errno != EINTR) {
      return Error{ErrorCode::kInternalFailure,
                   "cannot write the output: " + std::generic_category().message(errno)};
    }
  }
  return Done{};
}

bool RecordOutput::is_closed() {
  pollfd waiting = {.fd = descriptor_, .events = 0, .revents = 0};
  return poll(&waiting, 1, 0) > 0 && (waiting.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

}  // namespace millrace::cli::stream
