#include "functions/code_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <locale.h>
#include <memory>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>

#include "functions/function_name.h"

namespace millrace::functions {
namespace {

constexpr mode_t kDirectoryMode = 0755;
constexpr mode_t kFileMode = 0644;
constexpr mode_t kExecutableMode = 0755;
constexpr size_t kDepthMax = 64;
constexpr std::string_view kCentralEntrySignature = "PK\1\2";
constexpr std::string_view kEndSignature = "PK\5\6";

Error cannot_unzip() {
  return invalid_parameter(
      "Could not unzip uploaded file. Please check your file, then try to upload again.");
}

Error disk_error(std::string_view what) {
  return internal_error(fmt::format("{} while unpacking code: {}", what, strerror(errno)));
}

struct FreeArchive {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using ArchiveReader = std::unique_ptr<archive, FreeArchive>;

class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  FileDescriptor(FileDescriptor&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileDescriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] bool ok() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

// libarchive converts names by the locale, which in a server is "C".
class Utf8Locale {
 public:
  Utf8Locale()
      : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)),
        before_(locale_ != nullptr ? uselocale(locale_) : nullptr) {}
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  ~Utf8Locale() {
    if (locale_ == nullptr) return;
    uselocale(before_);
    freelocale(locale_);
  }

 private:
  locale_t locale_;
  locale_t before_;
};

// The parts of an entry's path; none when it would lead out of the directory.
Result<std::vector<std::string>> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string_view::npos) {
    return cannot_unzip();
  }
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (part == ".." || part.size() > NAME_MAX || parts.size() == kDepthMax) return cannot_unzip();
    parts.emplace_back(part);
  }
  return parts;
}

struct Link {
  std::vector<std::string> parts;
  std::string target;
};

class Unpacking {
 public:
  Unpacking(const std::string& to, const UnpackLimits& limits)
      : to_(to), limits_(limits), root_(open(to.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

  Result<int64_t> unpack(ByteView zip) {
    if (!root_.ok()) return disk_error("open");
    TRY(check_entry_count(zip));
    const ArchiveReader reader(archive_read_new());
    // The other reader of zip files would take a truncated one.
    archive_read_support_format_zip_seekable(reader.get());
    if (archive_read_open_memory(reader.get(), zip.data(), zip.size()) != ARCHIVE_OK) {
      return cannot_unzip();
    }
    size_t entries = 0;
    while (true) {
      archive_entry* entry = nullptr;
      const int outcome = archive_read_next_header(reader.get(), &entry);
      if (outcome == ARCHIVE_EOF) break;
      if (outcome != ARCHIVE_OK) return cannot_unzip();
      if (++entries > limits_.entries_max) return too_many_entries();
      TRY(unpack_entry(reader.get(), entry));
    }
    if (entries == 0) return invalid_parameter("Uploaded file must be a non-empty zip");
    TRY(make_links());
    return bytes_;
  }

 private:
  // Before libarchive makes something of every one of them.
  [[nodiscard]] Status check_entry_count(ByteView zip) const {
    size_t count = 0;
    for (size_t at = zip.find(kCentralEntrySignature); at != ByteView::npos;
         at = zip.find(kCentralEntrySignature, at + kCentralEntrySignature.size())) {
      if (++count > limits_.entries_max) return too_many_entries();
    }
    return Done{};
  }

  [[nodiscard]] Error too_many_entries() const {
    return invalid_parameter(
        fmt::format("Uploaded file must have no more than {} entries", limits_.entries_max));
  }

  Status unpack_entry(archive* reader, archive_entry* entry) {
    if (archive_entry_is_encrypted(entry) != 0) return cannot_unzip();
    const char* path = archive_entry_pathname(entry);
    if (path == nullptr) return cannot_unzip();
    const auto parts = TRY(parts_of(path));
    switch (archive_entry_filetype(entry)) {
      case AE_IFDIR:
        TRY(directory_of(parts, parts.size()));
        return Done{};
      case AE_IFREG:
        if (parts.empty()) return cannot_unzip();
        return write_file(reader, parts, (archive_entry_perm(entry) & 0111) != 0);
      case AE_IFLNK:
        return note_link(reader, entry, parts);
      default:
        return cannot_unzip();
    }
  }

  // The directory of the first `count` parts, made where it is missing. Never through a link: those
  // are made last.
  Result<FileDescriptor> directory_of(const std::vector<std::string>& parts, size_t count) {
    FileDescriptor directory(openat(root_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (size_t i = 0; i < count; ++i) {
      if (mkdirat(directory.get(), parts[i].c_str(), kDirectoryMode) != 0 && errno != EEXIST) {
        return disk_error("mkdir");
      }
      directory = FileDescriptor(openat(directory.get(), parts[i].c_str(),
                                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!directory.ok()) return errno == ENOTDIR ? cannot_unzip() : disk_error("open");
    }
    if (!directory.ok()) return disk_error("open");
    return directory;
  }

  Status write_file(archive* reader, const std::vector<std::string>& parts, bool executable) {
    const auto directory = TRY(directory_of(parts, parts.size() - 1));
    const mode_t mode = executable ? kExecutableMode : kFileMode;
    const FileDescriptor file(openat(directory.get(), parts.back().c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!file.ok()) return errno == EISDIR ? cannot_unzip() : disk_error("open");
    if (fchmod(file.get(), mode) != 0) return disk_error("chmod");
    return copy_data(reader, [&](ByteView data, int64_t offset) -> Status {
      while (!data.empty()) {
        const ssize_t written = pwrite(file.get(), data.data(), data.size(), offset);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return disk_error("write");
        data.remove_prefix(static_cast<size_t>(written));
        offset += written;
      }
      return Done{};
    });
  }

  template <typename Write>
  Status copy_data(archive* reader, const Write& write) {
    while (true) {
      const void* data = nullptr;
      size_t size = 0;
      int64_t offset = 0;
      const int outcome = archive_read_data_block(reader, &data, &size, &offset);
      if (outcome == ARCHIVE_EOF) return Done{};
      if (outcome != ARCHIVE_OK) return cannot_unzip();
      bytes_ += static_cast<int64_t>(size);
      if (bytes_ > limits_.bytes_max) {
        return invalid_parameter(
            fmt::format("Unzipped size must be smaller than {} bytes", limits_.bytes_max));
      }
      TRY(write(ByteView(static_cast<const char*>(data), size), offset));
    }
  }

  Status note_link(archive* /*reader*/, archive_entry* entry,
                   const std::vector<std::string>& parts) {
    const char* target = archive_entry_symlink(entry);
    if (target == nullptr || *target == '\0' || parts.empty()) return cannot_unzip();
    links_.push_back({parts, target});
    return Done{};
  }

  Status make_links() {
    for (const Link& link : links_) {
      const auto directory = TRY(directory_of(link.parts, link.parts.size() - 1));
      if (symlinkat(link.target.c_str(), directory.get(), link.parts.back().c_str()) != 0) {
        return errno == EEXIST || errno == ENAMETOOLONG ? cannot_unzip() : disk_error("symlink");
      }
    }
    // Only now is it known where they lead, one by way of the other.
    const std::string root = real_path(to_);
    for (const Link& link : links_) {
      const std::string path = real_path(fmt::format("{}/{}", to_, fmt::join(link.parts, "/")));
      if (path != root && !path.starts_with(root + "/")) return cannot_unzip();
    }
    return Done{};
  }

  // Empty when it leads to nothing.
  static std::string real_path(const std::string& path) {
    const std::unique_ptr<char, decltype(&free)> real(realpath(path.c_str(), nullptr), &free);
    return real ? real.get() : "";
  }

  const std::string& to_;
  const UnpackLimits& limits_;
  const FileDescriptor root_;
  std::vector<Link> links_;
  int64_t bytes_ = 0;
};

}  // namespace

Result<int64_t> unpack_code(ByteView zip, const std::string& to, const UnpackLimits& limits) {
  // An archive that begins with its end has no entries; libarchive does not take it for one.
  if (zip.empty() || zip.starts_with(kEndSignature)) {
    return invalid_parameter("Uploaded file must be a non-empty zip");
  }
  const Utf8Locale locale;
  return Unpacking(to, limits).unpack(zip);
}

}  // namespace millrace::functions
