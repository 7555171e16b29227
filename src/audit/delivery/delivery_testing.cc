#include "audit/delivery/delivery_testing.h"

#include <filesystem>
#include <fstream>
#include <libdeflate.h>

#include <fmt/format.h>

#include "catalog/catalog.h"
#include "engine/memory/memory_engine.h"
#include "json/document.h"

namespace millrace::audit {

namespace fs = std::filesystem;

DeliveryTest::DeliveryTest() : engine_(engine::open_memory_engine()) {
  settings_.buckets_directory = directory_.path() + "/buckets";
  settings_.directory = directory_.path() + "/audit";
  fs::create_directories(settings_.buckets_directory);
  fs::create_directories(settings_.directory);
  keys_ = SigningKeys::open(settings_.directory + "/keys", clock_).value();
  logs_ = logs::LogStore::open(*engine_, clock_, {.sweep_milliseconds = 0}).value();
  restart();
}

// Else the last owner of the spool may be a commit that ends on the spool's own thread.
DeliveryTest::~DeliveryTest() {
  if (spool_) spool_->stop();
}

void DeliveryTest::restart() {
  files_.reset();
  groups_.reset();
  trails_.reset();
  if (spool_) {
    EXPECT_TRUE(spool_->flush().ok());
    spool_->stop();
  }
  spool_.reset();
  spool_ = Spool::open(*engine_, clock_, random_, coverage_, settings_).value();
  trails_ = TrailStore::open(*engine_, coverage_).value();
  environment_ = std::make_unique<DeliveryEnvironment>(environment());
  buckets_ = std::make_unique<TrailBuckets>(settings_);
  files_ = FilesDelivery::open(work(), statuses_).value();
  groups_ = GroupsDelivery::open(work(), statuses_).value();
}

DeliveryEnvironment DeliveryTest::environment() {
  return {*engine_, *spool_, *trails_, *keys_, *logs_, site_, clock_, random_, settings_};
}

Trail DeliveryTest::make_trail(SinkId sink, const std::string& name) {
  Trail trail;
  trail.sink = sink;
  trail.name = name;
  trail.arn = "arn:aws:cloudtrail:us-east-1:000000000000:trail/" + name;
  trail.bucket = "bucket-of-" + name;
  trail.selectors.basic.emplace_back();
  trail.logging = true;
  trail.created_milliseconds = clock_.now_milliseconds();
  trail.start_logging_milliseconds = trail.created_milliseconds;
  return trail;
}

void DeliveryTest::put(const Trail& trail) {
  bool done = false;
  trails_->change(
      trail.name,
      [&](const TrailPointer&) -> Result<TrailPointer> {
        return TrailPointer(std::make_shared<const Trail>(trail));
      },
      [&](const Result<TrailPointer>& result) { done = result.ok(); });
  EXPECT_TRUE(done);
}

void DeliveryTest::remove(const std::string& name) {
  bool done = false;
  trails_->change(
      name, [](const TrailPointer&) -> Result<TrailPointer> { return TrailPointer(); },
      [&](const Result<TrailPointer>& result) { done = result.ok(); });
  EXPECT_TRUE(done);
}

std::string DeliveryTest::record(std::vector<SinkId> sinks) {
  Event event;
  event.time_milliseconds = clock_.now_milliseconds();
  event.event_id = fmt::format("00000000-0000-4000-8000-{:012}", ++recorded_);
  event.category = Category::kData;
  event.event_source = "dynamodb.amazonaws.com";
  event.event_name = "PutItem";
  event.identity.access_key_id = "AKIAEXAMPLE";
  event.sinks = std::move(sinks);
  EXPECT_TRUE(spool_->append(event));
  return event.event_id;
}

void DeliveryTest::run() {
  for (int rounds = 0; round(); ++rounds) ASSERT_LT(rounds, 1'000);
}

std::string DeliveryTest::bucket_directory(const std::string& bucket) const {
  return settings_.buckets_directory + "/" + bucket;
}

void DeliveryTest::block_bucket(const std::string& bucket) {
  std::ofstream(bucket_directory(bucket)) << "in the way";
}

void DeliveryTest::free_bucket(const std::string& bucket) {
  fs::remove(bucket_directory(bucket));
}

Objects DeliveryTest::objects(const std::string& bucket, std::string_view kind) const {
  Objects found;
  const std::string root = bucket_directory(bucket);
  if (!fs::is_directory(root)) return found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string key = fs::relative(entry.path(), root).string();
    if (!entry.is_regular_file() || !key.starts_with("AWSLogs/") || !key.ends_with(".json.gz") ||
        key.find(kind) == std::string::npos) {
      continue;
    }
    std::ifstream file(entry.path(), std::ios::binary);
    found[key] = Bytes(std::istreambuf_iterator<char>(file), {});
  }
  return found;
}

Objects DeliveryTest::log_files(const std::string& bucket) const {
  return objects(bucket, "/CloudTrail/");
}

Objects DeliveryTest::digests(const std::string& bucket) const {
  return objects(bucket, "/CloudTrail-Digest/");
}

std::vector<Bytes> DeliveryTest::kept_keys() {
  std::vector<Bytes> keys;
  EXPECT_TRUE(engine_
                  ->scan(catalog::kAuditPartition, {"k/", "k0"}, engine::Direction::kForward,
                         [&](ByteView key, ByteView) {
                           keys.emplace_back(key);
                           return true;
                         })
                  .ok());
  return keys;
}

std::string gunzip(ByteView compressed) {
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  std::string plain(1 << 20, '\0');
  size_t size = 0;
  EXPECT_EQ(libdeflate_gzip_decompress(decompressor, compressed.data(), compressed.size(),
                                       plain.data(), plain.size(), &size),
            LIBDEFLATE_SUCCESS);
  libdeflate_free_decompressor(decompressor);
  plain.resize(size);
  return plain;
}

std::vector<std::string> event_ids(ByteView log_file) {
  std::vector<std::string> ids;
  simdjson::dom::parser parser;
  const std::string text = gunzip(log_file);
  for (const auto record : parser.parse(text)["Records"].get_array()) {
    ids.emplace_back(std::string_view(record["eventID"]));
  }
  return ids;
}

std::set<std::string> event_ids_of_all(const Objects& log_files) {
  std::set<std::string> all;
  for (const auto& [key, content] : log_files) {
    for (const std::string& id : event_ids(content)) EXPECT_TRUE(all.insert(id).second) << id;
  }
  return all;
}

}  // namespace millrace::audit
