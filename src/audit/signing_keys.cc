#include "audit/signing_keys.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <unistd.h>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include "audit/hexadecimal.h"
#include "base/check.h"
#include "base/log.h"
#include "buckets/durable_file.h"

namespace millrace::audit {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kKeyBits = 2048;
// Each is read at every start, and listed.
constexpr size_t kKeysMax = 1'000;
constexpr size_t kKeyFileBytesMax = 16 * 1024;
constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr std::string_view kSuffix = ".pem";
constexpr const char* kNewFile = "new.tmp";
// Until when the key that signs now is said to be good: until it is replaced, and that is not soon.
constexpr int64_t kValidityMilliseconds = int64_t{365} * 86'400'000;

template <auto kFree>
struct FreeBy {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeBy<EVP_MD_CTX_free>>;
using Memory = std::unique_ptr<BIO, FreeBy<BIO_free>>;

Error unusable(const std::string& path, std::string_view why) {
  return {ErrorCode::kInvalidConfiguration, fmt::format("{}: {}", path, why)};
}

// PKCS #1, as i2d_PublicKey() has it for RSA.
Bytes public_der(EVP_PKEY* key) {
  unsigned char* data = nullptr;
  const int size = i2d_PublicKey(key, &data);
  MILLRACE_CHECK(size > 0);
  Bytes der(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
  OPENSSL_free(data);
  return der;
}

// As CloudTrail names its keys: to tell them apart, not to be safe against anybody.
std::string fingerprint_of(ByteView der) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  MILLRACE_CHECK(EVP_Digest(der.data(), der.size(), digest, &size, EVP_md5(), nullptr) == 1);
  return hexadecimal({reinterpret_cast<const char*>(digest), size});
}

KeyHandle read_pem(ByteView text) {
  const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  // A file with a passphrase is not asked for one.
  auto no_passphrase = [](char*, int, int, void*) { return -1; };
  KeyHandle key(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  return key;
}

Bytes pem_of(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  MILLRACE_CHECK(memory != nullptr);
  MILLRACE_CHECK(
      PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<size_t>(size)};
}

// Whoever could read it could sign in our name.
Status check_private(const std::string& path, mode_t forbidden, mode_t wanted) {
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) return unusable(path, std::strerror(errno));
  if (status.st_uid != geteuid()) return unusable(path, "it belongs to another user");
  if ((status.st_mode & forbidden) != 0) {
    return unusable(path, fmt::format("others have access to it: its mode is {:o}, not {:o}",
                                      status.st_mode & 07777U, wanted));
  }
  return Done{};
}

}  // namespace

struct SigningKeys::Keys {
  struct Key {
    KeyHandle handle;
    Bytes der;
    std::string fingerprint;
    int64_t made_milliseconds = 0;
  };

  std::vector<Key> all;  // oldest first

  [[nodiscard]] const Key* find(std::string_view fingerprint) const {
    const auto found = std::ranges::find(all, fingerprint, &Key::fingerprint);
    return found == all.end() ? nullptr : &*found;
  }
  [[nodiscard]] Status read(const fs::path& path);
};

namespace {

// "1795303608123-0123456789abcdef0123456789abcdef.pem": when the key was made, and its fingerprint.
std::string key_file_name(int64_t made_milliseconds, std::string_view fingerprint) {
  return fmt::format("{:013}-{}{}", made_milliseconds, fingerprint, kSuffix);
}

}  // namespace

Status SigningKeys::Keys::read(const fs::path& path) {
  TRY(check_private(path.string(), 0077, kFileMode));
  std::ifstream file(path, std::ios::binary);
  Bytes text(kKeyFileBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || file.gcount() == 0) return unusable(path.string(), "it cannot be read");
  text.resize(static_cast<size_t>(file.gcount()));
  Key key{.handle = read_pem(text), .der = {}, .fingerprint = {}};
  if (!key.handle || EVP_PKEY_get_base_id(key.handle.get()) != EVP_PKEY_RSA) {
    return unusable(path.string(), "it is no private key of RSA in PEM");
  }
  key.der = public_der(key.handle.get());
  key.fingerprint = fingerprint_of(key.der);
  const std::string name = path.filename().string();
  const auto [end, problem] =
      std::from_chars(name.data(), name.data() + name.size(), key.made_milliseconds);
  if (problem != std::errc() || name != key_file_name(key.made_milliseconds, key.fingerprint)) {
    return unusable(path.string(), "its name is not that of the key in it, " +
                                       key_file_name(key.made_milliseconds, key.fingerprint));
  }
  all.push_back(std::move(key));
  return Done{};
}

SigningKeys::SigningKeys(std::string directory, const Clock& clock)
    : directory_(std::move(directory)), clock_(clock), keys_(std::make_unique<Keys>()) {}

SigningKeys::~SigningKeys() = default;

Result<std::unique_ptr<SigningKeys>> SigningKeys::open(const std::string& directory,
                                                       const Clock& clock) {
  std::unique_ptr<SigningKeys> keys(new SigningKeys(directory, clock));
  std::error_code problem;
  if (!fs::exists(directory, problem)) {
    const auto made = buckets::make_directories(directory, kDirectoryMode);
    if (!made) return unusable(directory, made.error().message);
  }
  TRY(check_private(directory, 0022, kDirectoryMode));
  fs::remove(fs::path(directory) / kNewFile, problem);
  for (fs::directory_iterator entry(directory, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    if (entry->path().extension() == kSuffix) TRY(keys->keys_->read(entry->path()));
  }
  if (problem) return unusable(directory, problem.message());
  std::ranges::sort(keys->keys_->all, {}, &Keys::Key::made_milliseconds);
  if (access(directory.c_str(), W_OK) != 0) return unusable(directory, std::strerror(errno));
  if (keys->keys_->all.empty()) {
    keys->first_key_ = std::async(std::launch::async, [&self = *keys] {
      const auto first = self.make_key();
      if (first) return;
      log::error("there is no key to sign with", {{"reason", first.error().message}});
    });
  }
  return keys;
}

void SigningKeys::await_first_key() const {
  if (first_key_.valid()) first_key_.wait();
}

std::string SigningKeys::current_fingerprint() const {
  await_first_key();
  const std::shared_lock lock(mutex_);
  return keys_->all.empty() ? "" : keys_->all.back().fingerprint;
}

Result<std::string> SigningKeys::sign(const std::string& fingerprint, std::string_view text) const {
  await_first_key();
  const std::shared_lock lock(mutex_);
  const Keys::Key* key = keys_->find(fingerprint);
  if (key == nullptr)
    return internal_error("no key to sign with has the fingerprint " + fingerprint);
  const DigestContext context(EVP_MD_CTX_new());
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  size_t size = 0;
  Bytes signature;
  bool done =
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key->handle.get()) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) == 1;
  if (done) {
    signature.resize(size);
    done = EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                          data, text.size()) == 1;
  }
  ERR_clear_error();
  if (!done) return internal_error("cannot sign with the key " + fingerprint);
  signature.resize(size);
  return hexadecimal(signature);
}

std::vector<PublicKey> SigningKeys::public_keys() const {
  await_first_key();
  const std::shared_lock lock(mutex_);
  std::vector<PublicKey> keys;
  for (const Keys::Key& key : keys_->all) {
    if (!keys.empty()) keys.back().validity_end_milliseconds = key.made_milliseconds;
    keys.push_back({.fingerprint = key.fingerprint,
                    .der = key.der,
                    .validity_start_milliseconds = key.made_milliseconds});
  }
  if (keys.empty()) return keys;
  keys.back().validity_end_milliseconds =
      std::max(clock_.now_milliseconds(), keys.back().validity_start_milliseconds) +
      kValidityMilliseconds;
  return keys;
}

Result<std::string> SigningKeys::rotate() {
  await_first_key();
  return make_key();
}

Result<std::string> SigningKeys::make_key() {
  if (const std::shared_lock lock(mutex_); keys_->all.size() >= kKeysMax) {
    return Error{
        ErrorCode::kLimitExceededException,
        fmt::format("There are {} keys already: move old ones out of {}", kKeysMax, directory_)};
  }
  Keys::Key key{.handle = KeyHandle(EVP_RSA_gen(kKeyBits)), .der = {}, .fingerprint = {}};
  ERR_clear_error();
  if (!key.handle) return internal_error("cannot make an RSA key");
  key.der = public_der(key.handle.get());
  key.fingerprint = fingerprint_of(key.der);
  std::string fingerprint = key.fingerprint;

  const std::unique_lock lock(mutex_);
  key.made_milliseconds = clock_.now_milliseconds();
  if (!keys_->all.empty()) {
    // Also when the clock was set back.
    key.made_milliseconds =
        std::max(key.made_milliseconds, keys_->all.back().made_milliseconds + 1);
  }
  const fs::path directory(directory_);
  const std::string temporary = (directory / kNewFile).string();
  const std::string target =
      (directory / key_file_name(key.made_milliseconds, fingerprint)).string();
  auto stored = buckets::write_new_file(temporary, pem_of(key.handle.get()), kFileMode);
  if (stored) stored = buckets::move_into_place(temporary, target);
  if (!stored) {
    std::error_code absent;
    fs::remove(temporary, absent);
    return stored.error();
  }
  keys_->all.push_back(std::move(key));
  return fingerprint;
}

bool verify_signature(ByteView public_key_der, std::string_view text, std::string_view signature) {
  const auto bytes = parse_hexadecimal(signature);
  if (!bytes) return false;
  const auto* der = reinterpret_cast<const unsigned char*>(public_key_der.data());
  const KeyHandle key(
      d2i_PublicKey(EVP_PKEY_RSA, nullptr, &der, static_cast<long>(public_key_der.size())));
  const DigestContext context(EVP_MD_CTX_new());
  const bool holds =
      key && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(bytes->data()),
                       bytes->size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size()) == 1;
  ERR_clear_error();
  return holds;
}

}  // namespace millrace::audit
