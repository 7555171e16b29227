#include "buckets/directory_bucket.h"

#include <filesystem>

#include "buckets/durable_file.h"
#include "buckets/names.h"
#include "json/writer.h"

namespace millrace::buckets {
namespace {

constexpr std::string_view kOwn = ".millrace";
constexpr std::string_view kNew = ".millrace/new";
constexpr std::string_view kMetadata = ".millrace/metadata/";

std::string metadata_text(const Object& object) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.member("content_type", object.content_type);
  writer.key("metadata");
  writer.begin_object();
  for (const auto& [name, value] : object.metadata) writer.member(name, value);
  writer.end_object();
  writer.end_object();
  return out;
}

}  // namespace

Status DirectoryBucket::put(const Object& object) {
  TRY(check_object_name(object.name));
  if (object.name.substr(0, object.name.find('/')) == kOwn) {
    return Error{ErrorCode::kInvalidParameterValueException,
                 "No object can have this name: " + object.name};
  }
  remove_leftovers();
  // First, so that no object is seen without its metadata.
  TRY(write_metadata(object));
  return write(object.name, object.content);
}

Status DirectoryBucket::write_metadata(const Object& object) {
  const std::string path = std::string(kMetadata) + object.name;
  if (!object.metadata.empty()) return write(path, metadata_text(object));
  std::error_code absent;
  std::filesystem::remove(std::filesystem::path(directory_) / path, absent);
  return Done{};
}

Status DirectoryBucket::write(const std::string& path, ByteView content) {
  const std::filesystem::path root(directory_);
  const std::string target = (root / path).string();
  const std::string temporary = (root / kNew / std::to_string(++written_)).string();
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
