// What a process has used, as the kernel counts it.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace citiverse::load {

struct ProcessUsage {
  double user_s = 0;  ///< Of all its threads, since its start; steps of 10 ms.
  double system_s = 0;
  std::uint64_t resident_bytes = 0;
  double cpu_s() const { return user_s + system_s; }
};

/// Of a process by its id; 0: this one. Fails: not_found. Source: proc(5), stat and status.
base::Result<ProcessUsage> usage_of(int process);

}  // namespace citiverse::load
