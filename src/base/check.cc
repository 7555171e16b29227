#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace millrace {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "level=critical msg=\"invariant does not hold\" condition=\"%s\" at=%s:%d\n",
               condition, file, line);
  std::abort();
}

}  // namespace millrace
