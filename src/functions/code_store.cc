#include "functions/code_store.h"

#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <fmt/format.h>

#include "auth/digest.h"
#include "base/log.h"
#include "functions/function_name.h"
#include "json/base64.h"

namespace millrace::functions {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIncomingPrefix = ".incoming-";
constexpr std::string_view kZipName = "code.zip";
constexpr std::string_view kUnpackedName = "code";
constexpr std::string_view kLetters = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr size_t kUniqueLength = 12;

void remove_tree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) log::warn("code not removed", {{"path", path}, {"reason", error.message()}});
}

// All that was written in its file system.
Status sync_file_system(const std::string& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return internal_error("cannot open " + path);
  const int outcome = syncfs(directory);
  ::close(directory);
  if (outcome != 0) return internal_error(fmt::format("syncfs: {}", strerror(errno)));
  return Done{};
}

Status sync_directory(const std::string& path) {
  const int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return internal_error("cannot open " + path);
  const int outcome = fsync(directory);
  ::close(directory);
  if (outcome != 0) return internal_error(fmt::format("fsync: {}", strerror(errno)));
  return Done{};
}

Error directory_error(const std::string& path, const std::string& reason) {
  return {ErrorCode::kInvalidConfiguration,
          fmt::format("the directory of functions, {}, cannot be used: {}", path, reason)};
}

Result<std::string> temporary_directory() {
  std::error_code error;
  std::string path = (fs::temp_directory_path(error) / "millrace-functions-XXXXXX").string();
  if (error || mkdtemp(path.data()) == nullptr) return directory_error(path, strerror(errno));
  return path;
}

}  // namespace

Code::~Code() {
  if (const auto alive = work.lock()) alive->remove(name, zip_bytes + unpacked_bytes);
}

Result<std::unique_ptr<CodeStore>> CodeStore::open(CodeStoreOptions options, Random& random) {
  const bool temporary = options.directory.empty();
  if (temporary) options.directory = TRY(temporary_directory());
  std::error_code error;
  fs::create_directories(options.directory, error);
  if (error) return directory_error(options.directory, error.message());
  options.directory = fs::canonical(options.directory, error).string();
  if (error) return directory_error(options.directory, error.message());
  return std::unique_ptr<CodeStore>(new CodeStore(std::move(options), random, temporary));
}

CodeStore::CodeStore(CodeStoreOptions options, Random& random, bool temporary)
    : options_(std::move(options)),
      temporary_(temporary),
      random_(random),
      work_(std::make_shared<CodeWork>()) {
  work_->remove_now = [this](const std::string& name) {
    const std::string path = path_of(name);
    const std::string leaving = fmt::format("{}/{}{}", options_.directory, kIncomingPrefix, name);
    std::error_code error;
    // A crash on the way leaves nothing that looks whole.
    fs::rename(path, leaving, error);
    remove_tree(error ? path : leaving);
  };
  thread_ = std::thread([work = work_] { work->run(); });
}

CodeStore::~CodeStore() {
  stop();
  if (temporary_) remove_tree(options_.directory);
}

void CodeStore::stop() {
  work_->stop();
  if (thread_.joinable()) thread_.join();
}

std::string CodeStore::path_of(const std::string& name) const {
  return options_.directory + "/" + name;
}

std::shared_ptr<Code> CodeStore::make_code(const std::string& name, std::string sha256,
                                           int64_t zip_bytes, int64_t unpacked_bytes) {
  auto code = std::make_shared<Code>();
  code->name = name;
  code->directory = fmt::format("{}/{}", path_of(name), kUnpackedName);
  code->sha256 = std::move(sha256);
  code->zip_bytes = zip_bytes;
  code->unpacked_bytes = unpacked_bytes;
  work_->keep(name);
  work_->add_bytes(zip_bytes + unpacked_bytes);
  code->work = work_;
  return code;
}

CodePointer CodeStore::existing(const std::string& name, const std::string& sha256,
                                int64_t zip_bytes, int64_t unpacked_bytes) {
  auto code = make_code(name, sha256, zip_bytes, unpacked_bytes);
  std::error_code error;
  if (!fs::is_directory(code->directory, error)) {
    log::error("the code of a function is missing", {{"directory", code->directory}});
  }
  return code;
}

void CodeStore::remove_others() {
  std::vector<std::string> others;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(options_.directory, error)) {
    const std::string name = entry.path().filename().string();
    if (!work_->is_kept(name)) others.push_back(name);
  }
  for (const std::string& name : others) remove_tree(path_of(name));
}

void CodeStore::add(std::string function_name, Bytes zip, AddDone done) {
  work_->submit([this, function_name = std::move(function_name), zip = std::move(zip),
                 done = std::move(done)] { done(add_now(function_name, zip)); });
}

Result<CodePointer> CodeStore::add_now(const std::string& function_name, const Bytes& zip) {
  const std::string name =
      fmt::format("{}-{}", function_name, random_.text(kUniqueLength, kLetters));
  const std::string incoming = fmt::format("{}/{}{}", options_.directory, kIncomingPrefix, name);
  auto unpacked = write(incoming, zip);
  if (!unpacked.ok()) {
    remove_tree(incoming);
    return std::move(unpacked).error();
  }
  std::error_code error;
  fs::rename(incoming, path_of(name), error);
  if (error) {
    remove_tree(incoming);
    return internal_error("cannot rename code: " + error.message());
  }
  if (!temporary_) TRY(sync_directory(options_.directory));
  return CodePointer(make_code(name, json::base64_encode(auth::as_text(auth::sha256(zip))),
                               static_cast<int64_t>(zip.size()), *unpacked));
}

Result<int64_t> CodeStore::write(const std::string& incoming, const Bytes& zip) const {
  const int64_t room = options_.bytes_max - work_->bytes() - static_cast<int64_t>(zip.size());
  const Error no_room{ErrorCode::kCodeStorageExceededException, "Code storage limit exceeded."};
  if (room < 0) return no_room;
  const std::string directory = fmt::format("{}/{}", incoming, kUnpackedName);
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return internal_error("cannot make " + directory + ": " + error.message());
  const int64_t bytes = TRY(unpack_code(zip, directory, options_.unpack));
  if (bytes > room) return no_room;
  std::ofstream file(fmt::format("{}/{}", incoming, kZipName), std::ios::binary);
  file.write(zip.data(), static_cast<std::streamsize>(zip.size()));
  file.close();
  if (!file) return internal_error("cannot write " + incoming);
  if (!temporary_) TRY(sync_file_system(incoming));
  return bytes;
}

void CodeStore::read_zip(std::string name, std::function<void(Result<Bytes>)> done) {
  work_->submit([this, name = std::move(name), done = std::move(done)] {
    std::ifstream file(fmt::format("{}/{}", path_of(name), kZipName), std::ios::binary);
    Bytes zip{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (zip.empty()) {
      return done(Error{ErrorCode::kResourceNotFoundException, "This code is no longer here"});
    }
    done(std::move(zip));
  });
}

void CodeWork::submit(std::function<void()> task) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return;
    tasks_.push_back(std::move(task));
  }
  woken_.notify_one();
}

void CodeWork::remove(const std::string& name, int64_t bytes) {
  {
    const std::scoped_lock lock(mutex_);
    bytes_ -= bytes;
    kept_.erase(name);
  }
  submit([this, name] { remove_now(name); });
}

void CodeWork::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    woken_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (stopping_) break;
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
  const auto dropped = std::move(tasks_);
  tasks_.clear();
  lock.unlock();
}

void CodeWork::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
}

int64_t CodeWork::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

void CodeWork::add_bytes(int64_t bytes) {
  const std::scoped_lock lock(mutex_);
  bytes_ += bytes;
}

void CodeWork::keep(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  kept_.insert(name);
}

bool CodeWork::is_kept(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  return kept_.contains(name);
}

}  // namespace millrace::functions
