// What came of one small step of background work.
#pragma once

namespace millrace::jobs {

enum class Step {
  kNothing,  // nothing to do until the catalog changes
  kDone,     // nothing to do for now
  kMore,
};

}  // namespace millrace::jobs
