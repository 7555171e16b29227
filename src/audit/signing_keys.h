// The RSA keys that sign digest files: made on first start, one file each, readable by the server
// alone.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace millrace::audit {

struct PublicKey {
  std::string fingerprint;  // MD5 of the DER form, hex
  Bytes der;                // PKCS #1
  int64_t validity_start_milliseconds = 0;
  int64_t validity_end_milliseconds = 0;  // to be used for signatures of before
};

// Thread-safe. The clock must outlive it.
class SigningKeys {
 public:
  // Makes the directory when there is none, and begins to make a first key when there is none: who
  // needs it waits for it, a start does not. InvalidConfiguration, naming the file, when
  // one cannot be read or used, or others may read it.
  [[nodiscard]] static Result<std::unique_ptr<SigningKeys>> open(const std::string& directory,
                                                                 const Clock& clock);
  ~SigningKeys();
  SigningKeys(const SigningKeys&) = delete;
  SigningKeys& operator=(const SigningKeys&) = delete;

  // Of the key that signs now; empty when none could be made.
  [[nodiscard]] std::string current_fingerprint() const;
  // SHA256withRSA (PKCS #1 v1.5) by the key of that fingerprint, hex: the same text always has the
  // same signature. InternalServerError when there is no such key.
  [[nodiscard]] Result<std::string> sign(const std::string& fingerprint,
                                         std::string_view text) const;
  // All, oldest first.
  [[nodiscard]] std::vector<PublicKey> public_keys() const;
  // Makes a key that signs from now on, and returns its fingerprint. The others stay known. Takes
  // tenths of a second. LimitExceededException with a thousand keys, ServiceException when it
  // cannot be stored.
  [[nodiscard]] Result<std::string> rotate();

 private:
  struct Keys;

  SigningKeys(std::string directory, const Clock& clock);
  void await_first_key() const;
  [[nodiscard]] Result<std::string> make_key();

  const std::string directory_;
  const Clock& clock_;
  mutable std::shared_mutex mutex_;
  std::unique_ptr<Keys> keys_;          // guarded by mutex_
  std::shared_future<void> first_key_;  // last: it uses all of the above; invalid: there is one
};

// Whether the signature, hex, is that of the key (DER, PKCS #1) for the text.
[[nodiscard]] bool verify_signature(ByteView public_key_der, std::string_view text,
                                    std::string_view signature);

}  // namespace millrace::audit
