// The end of the line for broken invariants.
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace citiverse::base {

void check_failed(const char* file, int line, const char* condition, const char* reason) {
  std::fprintf(stderr, "%s:%d: invariant broken: %s (%s)\n", file, line, condition, reason);
  std::abort();
}

}  // namespace citiverse::base
