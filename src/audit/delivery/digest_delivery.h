// Digests of one trail: when there is to be one, and that it comes to the bucket once.
#pragma once

#include <optional>

#include "audit/delivery/backoff.h"
#include "audit/delivery/files_record.h"
#include "audit/delivery/work.h"

namespace millrace::audit {

// For one thread. All it is given outlives it.
class DigestDelivery {
 public:
  DigestDelivery(DeliveryWork work, FilesRecord& record);

  // Makes one step, each of which leaves something durable: begins a chain, plans a digest, uploads
  // it, notes that it is there. False: there is nothing to do now. `is_drained`: of a trail that
  // stopped logging, that its last log file is delivered.
  [[nodiscard]] Result<bool> step(const Trail& trail, bool is_drained);

 private:
  struct Uploaded {
    std::string hash_value;
    std::string signature;
  };

  Result<bool> begin_chain(const Trail& trail);
  Result<bool> plan(const Trail& trail, bool is_drained);
  Result<bool> follow(const Trail& trail);
  // When the next digest ends; nullopt: later.
  [[nodiscard]] std::optional<int64_t> due_end(int64_t start, int64_t now);
  Result<bool> upload(const Trail& trail, const DigestPlan& plan);
  [[nodiscard]] Status put(const Trail& trail, const DigestPlan& plan);
  Result<bool> note_failure(const Trail& trail, const DigestPlan& plan, const Error& error);
  Result<bool> give_up_chain();
  Result<bool> note_upload(const DigestPlan& plan);

  const DeliveryWork work_;
  FilesRecord& record_;
  Backoff backoff_;
  int64_t waiting_since_milliseconds_;  // for the next digest, by a clock that may have stepped
  std::optional<Uploaded> uploaded_;
};

}  // namespace millrace::audit
