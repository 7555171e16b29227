#include "http/content_coding.h"

#include <algorithm>
#include <libdeflate.h>

#include <boost/beast/core/string.hpp>

#include "base/check.h"

namespace millrace::http {
namespace {

constexpr int kCompressionLevel = 1;
// Deflate cannot shrink below 1/1032, so a trailer that claims more lies.
constexpr size_t kDeflateRatioMax = 1032;
// A header of 10 bytes and a trailer of 8.
constexpr size_t kGzipMemberBytesMin = 18;

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes the front of `list`, up to `separator`, off.
std::string_view take(std::string_view& list, char separator) {
  const size_t end = list.find(separator);
  const std::string_view front = trim(list.substr(0, end));
  list = end == std::string_view::npos ? std::string_view() : list.substr(end + 1);
  return front;
}

bool is_refused(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = take(parameters, ';');
    if (parameter.size() > 2 && (parameter[0] == 'q' || parameter[0] == 'Q') &&
        parameter[1] == '=') {
      return parameter.find_first_not_of("0.", 2) == std::string_view::npos;
    }
  }
  return false;
}

size_t claimed_size(ByteView compressed) {
  size_t size = 0;
  for (size_t i = 0; i < 4; ++i) {
    const auto byte = static_cast<uint8_t>(compressed[compressed.size() - 4 + i]);
    size |= static_cast<size_t>(byte) << (8 * i);
  }
  return size;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  bool any_coding = false;
  while (!accept_encoding.empty()) {
    std::string_view parameters = take(accept_encoding, ',');
    const std::string_view coding = take(parameters, ';');
    if (boost::beast::iequals({coding.data(), coding.size()}, "gzip")) {
      return !is_refused(parameters);
    }
    if (coding == "*") any_coding = !is_refused(parameters);
  }
  return any_coding;
}

GzipCodec::GzipCodec() = default;
GzipCodec::~GzipCodec() = default;

void GzipCodec::Free::operator()(libdeflate_compressor* compressor) const {
  libdeflate_free_compressor(compressor);
}
void GzipCodec::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

std::optional<Bytes> GzipCodec::compress(ByteView plain) {
  if (!compressor_) compressor_.reset(libdeflate_alloc_compressor(kCompressionLevel));
  MILLRACE_CHECK(compressor_ != nullptr);
  Bytes compressed(plain.size(), '\0');
  const size_t size = libdeflate_gzip_compress(compressor_.get(), plain.data(), plain.size(),
                                               compressed.data(), compressed.size());
  if (size == 0) return std::nullopt;
  compressed.resize(size);
  return compressed;
}

GunzipOutcome GzipCodec::decompress(ByteView compressed, size_t bytes_max,
                                    ByteBudget::Charge& charge, Bytes& plain) {
  if (!decompressor_) decompressor_.reset(libdeflate_alloc_decompressor());
  MILLRACE_CHECK(decompressor_ != nullptr);
  if (compressed.size() < kGzipMemberBytesMin) return GunzipOutcome::kMalformed;
  const size_t claimed = claimed_size(compressed);
  const bool plausible = claimed / kDeflateRatioMax <= compressed.size();
  if (plausible && claimed > bytes_max) return GunzipOutcome::kTooLarge;

  const size_t charged_before = charge.bytes();
  // One byte at least, for libdeflate takes no null output.
  size_t capacity = std::clamp<size_t>(plausible ? claimed : 4 * compressed.size(), 1, bytes_max);
  if (!charge.grow_to(charged_before + capacity)) return GunzipOutcome::kBudgetExhausted;
  plain.resize(capacity);
  size_t produced = 0;
  while (!compressed.empty()) {
    size_t taken = 0;
    size_t written = 0;
    const libdeflate_result result = libdeflate_gzip_decompress_ex(
        decompressor_.get(), compressed.data(), compressed.size(), plain.data() + produced,
        capacity - produced, &taken, &written);
    if (result == LIBDEFLATE_SUCCESS) {
      compressed.remove_prefix(taken);
      produced += written;
      continue;
    }
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE) return GunzipOutcome::kMalformed;
    // Doubling keeps the whole work within a constant factor of `bytes_max`.
    if (capacity == bytes_max) return GunzipOutcome::kTooLarge;
    capacity = std::min(2 * capacity, bytes_max);
    if (!charge.grow_to(charged_before + capacity)) return GunzipOutcome::kBudgetExhausted;
    plain.resize(capacity);
  }
  plain.resize(produced);
  return GunzipOutcome::kDone;
}

}  // namespace millrace::http
