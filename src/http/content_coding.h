// The gzip content coding, both ways.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "http/byte_budget.h"

struct libdeflate_compressor;
struct libdeflate_decompressor;

namespace millrace::http {

// Whether a value of Accept-Encoding lets a response be gzip (RFC 9110, section 12.5.3).
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

enum class GunzipOutcome { kDone, kMalformed, kTooLarge, kBudgetExhausted };

// Not thread-safe; a thread has its own. Its memory is taken at the first use and kept.
class GzipCodec {
 public:
  GzipCodec();
  ~GzipCodec();
  GzipCodec(const GzipCodec&) = delete;
  GzipCodec& operator=(const GzipCodec&) = delete;

  // nullopt when it would not become smaller.
  [[nodiscard]] std::optional<Bytes> compress(ByteView plain);

  // Decompresses all members of `compressed` into `plain`, which holds rubbish unless the outcome
  // is kDone. Never allocates more than `bytes_max`, and adds what it allocates to `charge` first.
  [[nodiscard]] GunzipOutcome decompress(ByteView compressed, size_t bytes_max,
                                         ByteBudget::Charge& charge, Bytes& plain);

 private:
  struct Free {
    void operator()(libdeflate_compressor* compressor) const;
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_compressor, Free> compressor_;
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

}  // namespace millrace::http
