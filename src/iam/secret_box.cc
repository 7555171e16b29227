#include "iam/secret_box.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include "base/check.h"
#include "buckets/durable_file.h"

namespace millrace::iam {
namespace {

constexpr mode_t kFileMode = 0600;
// The file: this line, and the key as hexadecimal digits in a line of its own.
constexpr std::string_view kFirstLine = "millrace access key 1\n";
constexpr std::string_view kDigits = "0123456789abcdef";
constexpr size_t kNonceSize = 12;
constexpr size_t kTagSize = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

Error unusable(const std::string& path, std::string_view why) {
  return {ErrorCode::kInvalidConfiguration, fmt::format("key file {}: {}", path, why)};
}

const uint8_t* as_bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}
uint8_t* as_bytes(std::string& text) {
  return reinterpret_cast<uint8_t*>(text.data());
}

// A file's descriptor for as long as this lives.
class File {
 public:
  explicit File(const std::string& path) : number_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (number_ >= 0) close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  const int number_;
};

// nullopt: there is no such file.
Result<std::optional<std::string>> read_private_file(const std::string& path) {
  const File file(path);
  if (file.number() < 0 && errno == ENOENT) return std::optional<std::string>();
  struct stat status = {};
  if (file.number() < 0 || fstat(file.number(), &status) != 0) {
    return unusable(path, std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) return unusable(path, "it is no plain file");
  if ((status.st_mode & 0077) != 0) {
    return unusable(path, fmt::format("others have access to it: its mode is {:o}, not {:o}",
                                      status.st_mode & 07777U, kFileMode));
  }
  std::string text(1024, '\0');
  const ssize_t size = read(file.number(), text.data(), text.size());
  if (size < 0) return unusable(path, std::strerror(errno));
  text.resize(static_cast<size_t>(size));
  return std::optional(std::move(text));
}

template <typename Key>
std::string text_of(const Key& key) {
  std::string text(kFirstLine);
  for (const uint8_t byte : key) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text + "\n";
}

template <typename Key>
std::optional<Key> read_key(std::string_view text) {
  if (!text.starts_with(kFirstLine)) return std::nullopt;
  text.remove_prefix(kFirstLine.size());
  if (text.ends_with('\n')) text.remove_suffix(1);
  Key key{};
  if (text.size() != 2 * key.size()) return std::nullopt;
  for (size_t i = 0; i < key.size(); ++i) {
    const size_t high = kDigits.find(text[2 * i]);
    const size_t low = kDigits.find(text[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    key[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return key;
}

template <typename Key>
Key new_key(Random& secrets) {
  Key key{};
  const Bytes drawn = secrets.bytes(key.size());
  std::memcpy(key.data(), drawn.data(), key.size());
  return key;
}

Status write_private_file(const std::string& path, std::string_view text) {
  const std::string new_path = path + ".new";
  unlink(new_path.c_str());  // of a start that was cut off
  Status written = buckets::write_new_file(new_path, text, kFileMode);
  if (written.ok()) written = buckets::move_into_place(new_path, path);
  if (!written.ok()) return unusable(path, written.error().message);
  return written;
}

const EVP_CIPHER* algorithm() {
  static EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  MILLRACE_CHECK(fetched != nullptr);
  return fetched;
}

}  // namespace

Result<SecretBox> SecretBox::open(const std::string& path, Random& secrets) {
  const auto text = TRY(read_private_file(path));
  if (!text) {
    const Key made = new_key<Key>(secrets);
    TRY(write_private_file(path, text_of(made)));
    return SecretBox(made);
  }
  const auto key = read_key<Key>(*text);
  if (!key) return unusable(path, "it is no key of this server");
  return SecretBox(*key);
}

SecretBox SecretBox::with_new_key(Random& secrets) {
  return SecretBox(new_key<Key>(secrets));
}

Bytes SecretBox::seal(std::string_view text, std::string_view purpose) const {
  // Of the operating system also where the server's other randomness has a seed.
  static Random nonces = Random::from_system();
  Bytes sealed = nonces.bytes(kNonceSize);
  sealed.resize(kNonceSize + text.size() + kTagSize);
  uint8_t* const nonce = as_bytes(sealed);
  uint8_t* const body = nonce + kNonceSize;
  const Context context(EVP_CIPHER_CTX_new());
  MILLRACE_CHECK(context != nullptr);
  int size = 0;
  const bool done =
      EVP_EncryptInit_ex2(context.get(), algorithm(), key_.data(), nonce, nullptr) == 1 &&
      EVP_EncryptUpdate(context.get(), nullptr, &size, as_bytes(purpose),
                        static_cast<int>(purpose.size())) == 1 &&
      EVP_EncryptUpdate(context.get(), body, &size, as_bytes(text),
                        static_cast<int>(text.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), body + text.size(), &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagSize, body + text.size()) == 1;
  MILLRACE_CHECK(done);
  return sealed;
}

std::optional<std::string> SecretBox::open_sealed(std::string_view sealed,
                                                  std::string_view purpose) const {
  if (sealed.size() < kNonceSize + kTagSize) return std::nullopt;
  const std::string_view body = sealed.substr(kNonceSize, sealed.size() - kNonceSize - kTagSize);
  std::string tag(sealed.substr(sealed.size() - kTagSize));
  // OpenSSL wants a place to write to also where there is nothing to write.
  std::string text(body.size() + 1, '\0');
  const Context context(EVP_CIPHER_CTX_new());
  MILLRACE_CHECK(context != nullptr);
  int size = 0;
  const bool opened =
      EVP_DecryptInit_ex2(context.get(), algorithm(), key_.data(), as_bytes(sealed), nullptr) ==
          1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, as_bytes(purpose),
                        static_cast<int>(purpose.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), as_bytes(text), &size, as_bytes(body),
                        static_cast<int>(body.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), as_bytes(text) + body.size(), &size) == 1;
  if (!opened) return std::nullopt;
  text.resize(body.size());
  return text;
}

}  // namespace millrace::iam
