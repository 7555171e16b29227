// Log files of one trail: when there is to be one, what is in it, and that it comes to the bucket
// once.
#pragma once

#include <optional>

#include "audit/delivery/backoff.h"
#include "audit/delivery/files_record.h"
#include "audit/delivery/log_file.h"
#include "audit/delivery/work.h"

namespace millrace::audit {

// For one thread. All it is given outlives it.
class LogFileDelivery {
 public:
  LogFileDelivery(DeliveryWork work, FilesRecord& record);

  // Makes one step, each of which leaves something durable: plans a file, uploads it, notes that it
  // is there. False: there is nothing to do now.
  [[nodiscard]] Result<bool> step(const Trail& trail);
  // Of a trail that stopped: nothing has come for a while, so that all is delivered.
  [[nodiscard]] bool is_drained() const { return is_drained_; }

 private:
  // How much has come in, by which is told without looking at the events whether a file is full.
  struct Amount {
    uint64_t recorded_at_delivery = 0;
    uint64_t recorded_at_look = 0;
    size_t json_at_look = 0;
    double json_per_recorded = 2;
  };

  [[nodiscard]] bool is_time(int64_t now);
  [[nodiscard]] bool may_be_full() const;
  [[nodiscard]] bool presses() const;
  void note_look(const LogFileContent& content);
  void note_delivery();

  Result<bool> plan(const Trail& trail);
  [[nodiscard]] LogFilePlan plan_of(const Trail& trail, const LogFileContent& content,
                                    int64_t now) const;
  Result<bool> plan_anew();
  Result<bool> upload(const Trail& trail, const LogFilePlan& plan);
  // False: the events no longer give what was planned.
  Result<bool> restore_content(const LogFilePlan& plan);
  Result<bool> note_failure(const LogFilePlan& plan, const Error& error);
  Result<bool> note_upload(const LogFilePlan& plan);

  const DeliveryWork work_;
  FilesRecord& record_;
  Backoff backoff_;
  Amount amount_;
  int64_t delivered_milliseconds_ = 0;  // when files were last due
  bool look_ = true;                    // there may be a full file
  bool is_drained_ = false;
  std::optional<Bytes> content_;  // of the planned file, compressed
  bool uploaded_ = false;
};

}  // namespace millrace::audit
