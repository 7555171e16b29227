#include "buckets/directory_bucket.h"

#include <algorithm>
#include <filesystem>

#include "buckets/durable_file.h"
#include "buckets/names.h"
#include "json/document.h"
#include "json/writer.h"

namespace millrace::buckets {
namespace {

constexpr std::string_view kOwn = ".millrace";
constexpr std::string_view kNew = ".millrace/new";
constexpr std::string_view kMetadataSuffix = ".metadata.json";
constexpr std::string_view kContentType = "content-type";
constexpr std::string_view kContentEncoding = "content-encoding";
constexpr size_t kMetadataBytesMax = size_t{64} << 10;

std::string metadata_text(const Object& object) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member(kContentType, object.content_type);
  if (!object.content_encoding.empty()) writer.member(kContentEncoding, object.content_encoding);
  for (const auto& [name, value] : object.metadata) writer.member(name, value);
  writer.end_object();
  return out;
}

Result<std::map<std::string, std::string>> parse_metadata(const std::string& path, ByteView text) {
  const Error malformed{ErrorCode::kServiceException, path + " is no object of JSON strings"};
  const auto document = json::Document::parse(text);
  json::Object members;
  if (!document || document->root().get(members) != simdjson::SUCCESS) return malformed;
  std::map<std::string, std::string> metadata;
  for (const auto [name, element] : members) {
    std::string_view value;
    if (element.get(value) != simdjson::SUCCESS) return malformed;
    if (name != kContentType && name != kContentEncoding) metadata.emplace(name, value);
  }
  return metadata;
}

Error impossible(std::string_view name) {
  return {ErrorCode::kInvalidParameterValueException,
          "No object can have this name: " + std::string(name)};
}

Status check_name(const std::string& name) {
  TRY(check_object_name(name));
  if (name.substr(0, name.find('/')) == kOwn || name.ends_with(kMetadataSuffix)) {
    return impossible(name);
  }
  return Done{};
}

bool is_object(const std::filesystem::directory_entry& entry) {
  return entry.symlink_status().type() == std::filesystem::file_type::regular &&
         !entry.path().native().ends_with(kMetadataSuffix);
}

}  // namespace

Status DirectoryBucket::put(const Object& object) {
  TRY(check_name(object.name));
  remove_leftovers();
  TRY(write_metadata(object));
  return write(object.name, object.content);
}

Status DirectoryBucket::write_metadata(const Object& object) {
  const std::string path = object.name + std::string(kMetadataSuffix);
  if (!object.metadata.empty() || !object.content_encoding.empty()) {
    if (!check_object_name(path)) return impossible(object.name);
    return write(path, metadata_text(object));
  }
  std::error_code absent;
  std::filesystem::remove(std::filesystem::path(directory_) / path, absent);
  return Done{};
}

Result<std::optional<StoredObject>> DirectoryBucket::get(const std::string& name) {
  TRY(check_name(name));
  const std::string path = (std::filesystem::path(directory_) / name).string();
  auto content = TRY(read_file(path, kObjectBytesMax));
  if (!content) return std::optional<StoredObject>();
  StoredObject object{.content = std::move(*content)};
  const std::string metadata_path = path + std::string(kMetadataSuffix);
  if (const auto metadata = TRY(read_file(metadata_path, kMetadataBytesMax))) {
    object.metadata = TRY(parse_metadata(metadata_path, *metadata));
  }
  return std::optional(std::move(object));
}

Result<std::vector<std::string>> DirectoryBucket::list(const std::string& prefix) {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  const std::string below = prefix.substr(0, prefix.rfind('/') + 1);
  if (!below.empty() && !check_name(below.substr(0, below.size() - 1))) return names;
  const fs::path root(directory_);
  std::error_code problem;
  fs::recursive_directory_iterator entry(root / below, problem);
  if (problem == std::errc::no_such_file_or_directory || problem == std::errc::not_a_directory) {
    return names;
  }
  for (const fs::recursive_directory_iterator end; !problem && entry != end;
       entry.increment(problem)) {
    if (entry->path() == root / kOwn) entry.disable_recursion_pending();
    if (!is_object(*entry)) continue;
    std::string name = entry->path().lexically_relative(root).string();
    if (name.starts_with(prefix)) names.push_back(std::move(name));
  }
  if (problem) {
    return Error{ErrorCode::kServiceException,
                 "cannot read " + (root / below).string() + ": " + problem.message()};
  }
  std::ranges::sort(names);
  return names;
}

Status DirectoryBucket::write(const std::string& path, ByteView content) {
  const std::filesystem::path root(directory_);
  const std::string target = (root / path).string();
  const std::string temporary = (root / kNew / std::to_string(++written)).string();
  TRY(make_directories((root / kNew).string()));
  TRY(make_directories((root / path).parent_path().string()));
  auto status = write_new_file(temporary, content);
  if (status) status = move_into_place(temporary, target);
  if (!status) {
    std::error_code absent;
    std::filesystem::remove(temporary, absent);
  }
  return status;
}

void DirectoryBucket::remove_leftovers() {
  if (leftovers_removed_) return;
  leftovers_removed_ = true;
  std::error_code absent;
  std::filesystem::remove_all(std::filesystem::path(directory_) / kNew, absent);
}

}  // namespace millrace::buckets
