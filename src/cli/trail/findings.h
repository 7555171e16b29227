// What a validation has found, told line by line as it is found.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace millrace::cli::trail {

enum class FileKind : uint8_t { kDigest, kLogFile };

class Findings {
 public:
  // `print` gets lines without their end. Valid files are told with `verbose` only.
  Findings(bool verbose, std::function<void(std::string_view)> print)
      : verbose_(verbose), print_(std::move(print)) {}

  void valid(FileKind kind, std::string_view bucket, std::string_view object);
  // A finding.
  void invalid(FileKind kind, std::string_view bucket, std::string_view object,
               std::string_view why);
  // A finding that is of no single file.
  void finding(std::string_view text);
  // What is no finding.
  void note(std::string_view text) { print_(text); }
  void detail(std::string_view text) {
    if (verbose_) print_(text);
  }

  [[nodiscard]] size_t count() const { return digests_.invalid + log_files_.invalid + others_; }
  [[nodiscard]] bool has_digests() const { return digests_.valid + digests_.invalid > 0; }
  // "5/5 digest files valid"; "4/5 digest files valid, 1/5 digest files INVALID".
  [[nodiscard]] std::string ratio(FileKind kind) const;

 private:
  struct Tally {
    size_t valid = 0;
    size_t invalid = 0;
  };
  [[nodiscard]] Tally& tally_of(FileKind kind) {
    return kind == FileKind::kDigest ? digests_ : log_files_;
  }

  const bool verbose_;
  const std::function<void(std::string_view)> print_;
  Tally digests_;
  Tally log_files_;
  size_t others_ = 0;
};

}  // namespace millrace::cli::trail
