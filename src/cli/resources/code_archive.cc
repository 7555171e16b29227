#include "cli/resources/code_archive.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <fstream>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "auth/digest.h"
#include "json/base64.h"

namespace millrace::cli::resources {

namespace {

namespace fs = std::filesystem;

constexpr size_t kDirectoryDepthMax = 64;
constexpr size_t kReadBytesMax = size_t{1} << 20;
constexpr size_t kFilesMax = 100'000;

Error unusable(const fs::path& path, std::string_view why) {
  return {ErrorCode::kInvalidConfiguration, fmt::format("{}: {}", path.string(), why)};
}

struct EndWriting {
  void operator()(archive* archive) const { archive_write_free(archive); }
};
struct EndReading {
  void operator()(archive* archive) const { archive_read_free(archive); }
};
struct EndEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

la_ssize_t append_to_string(archive*, void* out, const void* bytes, size_t size) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

Result<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file) return unusable(path, "cannot be read");
  return content;
}

// Gathers the files of a directory.
class Gatherer {
 public:
  explicit Gatherer(fs::path root) : root_(std::move(root)) {}

  Status gather(const fs::path& directory, const std::string& prefix, size_t depth) {
    if (depth > kDirectoryDepthMax) return unusable(directory, "is nested too deep");
    std::error_code problem;
    for (fs::directory_iterator it(directory, problem), end; it != end; it.increment(problem)) {
      const std::string name = it->path().filename().string();
      if (name == ".git" || name == "__pycache__") continue;
      TRY(add(it->path(), prefix + name, depth));
      if (problem) break;
    }
    if (problem) return unusable(directory, problem.message());
    return Done{};
  }

  std::vector<CodeFile> files;

 private:
  Status add(const fs::path& path, const std::string& name, size_t depth) {
    std::error_code problem;
    // Links to directories can make many paths of few files.
    if (++entries_ > kFilesMax) return unusable(root_, "has too many files");
    const fs::path target = fs::canonical(path, problem);
    if (problem) return unusable(path, problem.message());
    const auto [end, rest] =
        std::mismatch(root_.begin(), root_.end(), target.begin(), target.end());
    if (end != root_.end()) return unusable(path, "is a link that leads out of the directory");
    const fs::file_status status = fs::status(target, problem);
    if (fs::is_directory(status)) return gather(target, name + "/", depth + 1);
    if (!fs::is_regular_file(status)) return unusable(path, "is neither a file nor a directory");
    bytes_ += fs::file_size(target, problem);
    if (bytes_ > kCodeBytesMax) {
      return unusable(root_, "holds more than the 250 MiB that a function's code may have");
    }
    const bool is_executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
    files.push_back({name, TRY(read_file(target)), is_executable});
    return Done{};
  }

  const fs::path root_;  // canonical
  size_t bytes_ = 0;
  size_t entries_ = 0;
};

Status write_entry(archive* zip, const CodeFile& file) {
  const std::unique_ptr<archive_entry, EndEntry> entry(archive_entry_new());
  archive_entry_set_pathname_utf8(entry.get(), file.name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), file.is_executable ? 0755 : 0644);
  archive_entry_set_mtime(entry.get(), 0, 0);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
  if (archive_write_header(zip, entry.get()) != ARCHIVE_OK ||
      archive_write_data(zip, file.content.data(), file.content.size()) < 0) {
    return unusable(file.name, archive_error_string(zip));
  }
  return Done{};
}

std::string read_content(archive* zip) {
  std::string content;
  std::string block(size_t{64} << 10, '\0');
  while (content.size() < kReadBytesMax) {
    const la_ssize_t size = archive_read_data(zip, block.data(), block.size());
    if (size <= 0) break;
    content.append(block, 0, static_cast<size_t>(size));
  }
  return content;
}

}  // namespace

Result<std::string> pack_files(std::vector<CodeFile> files) {
  std::ranges::sort(files, {}, &CodeFile::name);
  std::string out;
  const std::unique_ptr<archive, EndWriting> zip(archive_write_new());
  archive_write_set_format_zip(zip.get());
  // Without it the size is padded to whole blocks.
  archive_write_set_bytes_in_last_block(zip.get(), 1);
  archive_write_set_options(zip.get(), "hdrcharset=UTF-8");
  if (archive_write_open(zip.get(), &out, nullptr, append_to_string, nullptr) != ARCHIVE_OK) {
    return unusable("zip", archive_error_string(zip.get()));
  }
  for (const CodeFile& file : files) TRY(write_entry(zip.get(), file));
  if (archive_write_close(zip.get()) != ARCHIVE_OK) {
    return unusable("zip", archive_error_string(zip.get()));
  }
  return out;
}

Result<std::string> pack_code(const fs::path& path) {
  std::error_code problem;
  const fs::path target = fs::canonical(path, problem);
  if (problem) return unusable(path, problem.message());
  if (fs::is_directory(target)) {
    Gatherer gatherer(target);
    TRY(gatherer.gather(target, "", 0));
    if (gatherer.files.empty()) return unusable(path, "is empty");
    return pack_files(std::move(gatherer.files));
  }
  const fs::file_status status = fs::status(target, problem);
  if (!fs::is_regular_file(status)) return unusable(path, "is neither a file nor a directory");
  if (fs::file_size(target, problem) > kCodeBytesMax) return unusable(path, "is too large");
  std::string content = TRY(read_file(target));
  const std::string extension = path.extension().string();
  if (extension == ".zip" || extension == ".jar") {
    if (!content.starts_with("PK")) return unusable(path, "is not a zip file");
    return content;
  }
  const bool is_executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
  std::vector<CodeFile> files;
  files.push_back({path.filename().string(), std::move(content), is_executable});
  return pack_files(std::move(files));
}

Result<std::vector<CodeFile>> top_level_files(std::string_view zip) {
  const std::unique_ptr<archive, EndReading> reader(archive_read_new());
  archive_read_support_format_zip(reader.get());
  if (archive_read_open_memory(reader.get(), zip.data(), zip.size()) != ARCHIVE_OK) {
    return unusable("zip", archive_error_string(reader.get()));
  }
  std::vector<CodeFile> files;
  archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK) {
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr || std::string_view(name).find('/') != std::string_view::npos) continue;
    files.push_back({name, read_content(reader.get()), (archive_entry_perm(entry) & 0100) != 0});
    if (files.size() >= kFilesMax) break;
  }
  if (status != ARCHIVE_EOF && status != ARCHIVE_OK) {
    return unusable("zip", archive_error_string(reader.get()));
  }
  return files;
}

std::string code_sha256(std::string_view zip) {
  return json::base64_encode(auth::as_text(auth::sha256(zip)));
}

}  // namespace millrace::cli::resources
