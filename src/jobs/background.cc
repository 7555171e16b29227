#include "jobs/background.h"

#include "base/log.h"
#include "jobs/expiry_sweep.h"
#include "jobs/index_backfill.h"

namespace millrace::jobs {
namespace {

// A step that fails is tried again, not at once: after a failed commit all others fail, too.
constexpr std::chrono::seconds kPauseAfterFailure{1};

}  // namespace

Background::Background(ops::Database& database, BackgroundOptions options)
    : database_(database), options_(options) {
  database_.catalog.on_change([this] {
    {
      std::lock_guard lock(mutex_);
      catalog_changed_ = true;
    }
    woken_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

Background::~Background() {
  database_.catalog.on_change(nullptr);
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

void Background::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    catalog_changed_ = false;
    lock.unlock();
    auto backfilled = backfill_step(database_);
    auto swept = sweep_step(database_);
    for (const Error* error :
         {backfilled.ok() ? nullptr : &backfilled.error(), swept.ok() ? nullptr : &swept.error()}) {
      if (error != nullptr) log::error("background work failed", {{"error", error->message}});
    }
    lock.lock();
    const auto woken = [this] { return stopping_ || catalog_changed_; };
    if (!backfilled.ok() || !swept.ok()) {
      woken_.wait_for(lock, kPauseAfterFailure, [this] { return stopping_; });
    } else if (*swept == Step::kNothing && *backfilled == Step::kNothing) {
      woken_.wait(lock, woken);
    } else if (*swept != Step::kMore && *backfilled != Step::kMore) {
      woken_.wait_for(lock, std::chrono::milliseconds(options_.expiry_sweep_milliseconds), woken);
    }
  }
}

}  // namespace millrace::jobs
