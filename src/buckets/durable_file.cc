#include "buckets/durable_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

#include <sys/stat.h>

namespace millrace::buckets {
namespace {

Error failure(const std::string& what, const std::string& path) {
  return {ErrorCode::kServiceException, what + " " + path + ": " + std::strerror(errno)};
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool ok() const { return number_ >= 0; }

 private:
  int number_;
};

Status sync_directory(const std::string& path) {
  const Descriptor directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.ok() || fsync(directory.number()) != 0) return failure("cannot sync", path);
  return Done{};
}

std::string parent_of(const std::string& path) {
  std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

}  // namespace

Status make_directories(const std::string& path, mode_t mode) {
  if (mkdir(path.c_str(), mode) == 0) return sync_directory(parent_of(path));
  if (errno == EEXIST) return Done{};
  if (errno != ENOENT) return failure("cannot make", path);
  TRY(make_directories(parent_of(path)));
  if (mkdir(path.c_str(), mode) != 0 && errno != EEXIST) return failure("cannot make", path);
  return sync_directory(parent_of(path));
}

Status write_new_file(const std::string& path, ByteView content, mode_t mode) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file.ok()) return failure("cannot make", path);
  while (!content.empty()) {
    const ssize_t written = ::write(file.number(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure("cannot write", path);
    content.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(file.number()) != 0) return failure("cannot sync", path);
  return Done{};
}

Status move_into_place(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) return failure("cannot move a file to", to);
  return sync_directory(parent_of(to));
}

Result<std::optional<Bytes>> read_file(const std::string& path, size_t bytes_max) {
  // Without waiting: it might be a pipe.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.ok() && (errno == ENOENT || errno == ENOTDIR)) return std::optional<Bytes>();
  struct stat status = {};
  if (!file.ok() || fstat(file.number(), &status) != 0) return failure("cannot read", path);
  if (!S_ISREG(status.st_mode) || status.st_size > static_cast<off_t>(bytes_max)) {
    return Error{ErrorCode::kServiceException,
                 "cannot read " + path + ": it is no plain file, or too large"};
  }
  Bytes content(static_cast<size_t>(status.st_size), '\0');
  size_t done = 0;
  while (done < content.size()) {
    const ssize_t count = ::read(file.number(), content.data() + done, content.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("cannot read", path);
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  content.resize(done);
  return std::optional(std::move(content));
}

}  // namespace millrace::buckets
