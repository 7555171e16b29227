// Trails, a spool and directory buckets for tests of delivery; a restart keeps engine and buckets.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "audit/delivery/environment.h"
#include "audit/delivery/files_delivery.h"
#include "audit/delivery/groups_delivery.h"
#include "engine/temporary_directory_testing.h"

namespace millrace::audit {

// By key.
using Objects = std::map<std::string, Bytes>;

class DeliveryTest : public testing::Test {
 protected:
  DeliveryTest();
  ~DeliveryTest() override;

  // As a crash does, nothing is said to those who deliver.
  void restart();

  // Logs, unless told otherwise.
  Trail make_trail(SinkId sink, const std::string& name);
  void put(const Trail& trail);
  void remove(const std::string& name);

  // Returns the ID of the event.
  std::string record(std::vector<SinkId> sinks);
  void pass_seconds(int64_t seconds) { clock_.advance_microseconds(seconds * 1'000'000); }
  // One step of each trail, and all that there is to do.
  bool round() { return files_->round(); }
  void run();
  void run_after_seconds(int64_t seconds) {
    pass_seconds(seconds);
    run();
  }

  [[nodiscard]] std::string bucket_directory(const std::string& bucket) const;
  // In place of the directory there is a file.
  void block_bucket(const std::string& bucket);
  void free_bucket(const std::string& bucket);
  [[nodiscard]] Objects log_files(const std::string& bucket) const;
  [[nodiscard]] Objects digests(const std::string& bucket) const;
  [[nodiscard]] DeliveryStatus status(SinkId sink) const { return statuses_.find(sink); }
  // Keys of the engine that delivery has of its own.
  [[nodiscard]] std::vector<Bytes> kept_keys();

  [[nodiscard]] DeliveryEnvironment environment();
  [[nodiscard]] DeliveryWork work() { return {*environment_, *buckets_, counters_, stopped_}; }

  engine::TemporaryDirectory directory_;
  std::unique_ptr<engine::Engine> engine_;
  ManualClock clock_{1'700'000'000'000'000};
  Random random_{7};
  catalog::Site site_;
  AuditSettings settings_;
  Coverage coverage_;
  std::shared_ptr<Spool> spool_;
  std::unique_ptr<TrailStore> trails_;
  std::unique_ptr<SigningKeys> keys_;
  std::unique_ptr<logs::LogStore> logs_;
  std::unique_ptr<DeliveryEnvironment> environment_;
  std::unique_ptr<TrailBuckets> buckets_;
  DeliveryCounters counters_;
  std::atomic<bool> stopped_ = false;
  DeliveryStatuses statuses_;
  std::unique_ptr<FilesDelivery> files_;
  std::unique_ptr<GroupsDelivery> groups_;
  uint64_t recorded_ = 0;

 private:
  [[nodiscard]] Objects objects(const std::string& bucket, std::string_view kind) const;
};

[[nodiscard]] std::string gunzip(ByteView compressed);
// IDs of the events of a log file, in their order.
[[nodiscard]] std::vector<std::string> event_ids(ByteView log_file);
// Of all of them; asserts that none is there twice.
[[nodiscard]] std::set<std::string> event_ids_of_all(const Objects& log_files);

}  // namespace millrace::audit
