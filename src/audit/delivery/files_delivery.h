// Log files and digests of all trails.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "audit/delivery/digest_delivery.h"
#include "audit/delivery/log_file_delivery.h"
#include "audit/delivery/statuses.h"

namespace millrace::audit {

// For one thread. All it is given outlives it.
class FilesDelivery {
 public:
  // InternalServerError from the engine, or for what is damaged.
  [[nodiscard]] static Result<std::unique_ptr<FilesDelivery>> open(DeliveryWork work,
                                                                   DeliveryStatuses& statuses);

  // Makes a step for every trail that has something to do now, and calls `between` before each.
  // Whether there was any.
  bool round(const std::function<void()>& between = [] {});

 private:
  struct Files {
    Files(DeliveryWork work, const TrailConsumers& consumers, SinkId sink, FilesState state,
          EventNumber cursor);

    FilesRecord record;
    LogFileDelivery log_files;
    DigestDelivery digests;
    Backoff backoff;  // when the engine fails
  };

  FilesDelivery(DeliveryWork work, DeliveryStatuses& statuses);
  Status load();
  Status adjust(const std::vector<TrailPointer>& trails);
  void add(SinkId sink, FilesState state, EventNumber cursor);
  bool step(Files& files, const Trail& trail);
  static Result<bool> try_step(Files& files, const Trail& trail);
  void show(const FilesRecord& record);

  const DeliveryWork work_;
  DeliveryStatuses& statuses_;
  TrailConsumers consumers_;
  std::map<SinkId, std::unique_ptr<Files>> files_;
  Backoff backoff_;
};

}  // namespace millrace::audit
