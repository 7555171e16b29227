#include "cli/cert/certificates.h"

#include <algorithm>
#include <filesystem>

#include "buckets/durable_file.h"
#include "http/certificate.h"

namespace millrace::cli::cert {

namespace {

constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kCertificateMode = 0644;
constexpr mode_t kKeyMode = 0600;
constexpr size_t kFileBytesMax = 1024 * 1024;
// Clocks of the machines that verify it may be behind.
constexpr int64_t kSecondsBefore = 3600;

struct NewFile {
  std::string name;
  std::string content;
  mode_t mode;
};

Error unusable(std::string message) {
  return {ErrorCode::kInvalidConfiguration, std::move(message)};
}

// Those of IAM's user names, which a client's certificate may stand for.
bool is_client_name(std::string_view name) {
  if (name == "ca" || name == "server" || name.starts_with('.') || name.ends_with("-key")) {
    return false;
  }
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  });
}

void add_files(std::vector<NewFile>& files, const std::string& name, http::CertificatePem pem) {
  files.push_back({name + ".pem", std::move(pem.certificate), kCertificateMode});
  files.push_back({name + "-key.pem", std::move(pem.key), kKeyMode});
}

Result<std::string> read(const std::filesystem::path& path) {
  auto content = TRY(buckets::read_file(path, kFileBytesMax));
  if (!content) return unusable("there is no file '" + path.string() + "'");
  return std::move(*content);
}

Status write(const std::filesystem::path& directory, const NewFile& file) {
  const std::filesystem::path path = directory / file.name;
  std::filesystem::path temporary = path;
  temporary += ".new";
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  TRY(buckets::write_new_file(temporary, file.content, file.mode));
  return buckets::move_into_place(temporary, path);
}

Status refuse_existing(const std::filesystem::path& directory,
                       const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    for (const char* end : {".pem", "-key.pem"}) {
      const std::string path = directory / (name + end);
      if (!std::filesystem::exists(path)) continue;
      return unusable("'" + path + "' is there already: --force replaces it");
    }
  }
  return Done{};
}

}  // namespace

Result<std::vector<std::string>> create_certificates(const CertificateRequest& request,
                                                     const Clock& clock) {
  const std::filesystem::path directory = request.directory;
  if (request.client && !is_client_name(*request.client)) {
    return unusable("'" + *request.client +
                    "' cannot be a client's name: it has 1 to 64 letters, digits or _+=,.@-");
  }
  const bool has_authority = std::filesystem::exists(directory / "ca.pem");
  const bool makes_server = !request.client || !has_authority;
  std::vector<std::string> made;
  if (makes_server) made = {"ca", "server"};
  if (request.client) made.push_back(*request.client);
  if (!request.force) TRY(refuse_existing(directory, made));

  const http::Validity validity = {.from_seconds = clock.now_milliseconds() / 1000 - kSecondsBefore,
                                   .days = request.days};
  http::CertificatePem authority;
  std::vector<NewFile> files;
  if (makes_server) {
    authority = TRY(http::make_authority("Millrace local CA", validity));
    std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
    names.insert(names.end(), request.names.begin(), request.names.end());
    add_files(files, "ca", authority);
    add_files(files, "server", TRY(http::issue_server_certificate(authority, names, validity)));
  } else {
    authority.certificate = TRY(read(directory / "ca.pem"));
    authority.key = TRY(read(directory / "ca-key.pem"));
  }
  if (request.client) {
    add_files(files, *request.client,
              TRY(http::issue_client_certificate(authority, *request.client, validity)));
  }
  TRY(buckets::make_directories(directory, kDirectoryMode));
  std::vector<std::string> paths;
  for (const NewFile& file : files) {
    TRY(write(directory, file));
    paths.push_back(directory / file.name);
  }
  return paths;
}

}  // namespace millrace::cli::cert
