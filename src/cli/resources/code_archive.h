// The code of a function as a zip file, the same bytes for the same code: names are sorted, times
// left out.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace millrace::cli::resources {

// What Lambda unpacks at most.
inline constexpr size_t kCodeBytesMax = size_t{250} << 20;

struct CodeFile {
  std::string name;  // in the archive
  std::string content;
  bool is_executable = false;
};

// Of a file, under its name; of a directory, what is in it but .git and __pycache__; of a zip file,
// itself. Links are followed when they lead into the directory. InvalidConfiguration for what is
// not there, is neither, is empty or too large, and for a link that leads out.
[[nodiscard]] Result<std::string> pack_code(const std::filesystem::path& path);
// Of files, in the order of their names.
[[nodiscard]] Result<std::string> pack_files(std::vector<CodeFile> files);

// Those at the top level of a zip file, with the content of at most the first MiB of each.
// InvalidConfiguration when it is none.
[[nodiscard]] Result<std::vector<CodeFile>> top_level_files(std::string_view zip);

// As Lambda tells CodeSha256: in base64.
[[nodiscard]] std::string code_sha256(std::string_view zip);

}  // namespace millrace::cli::resources
