// Where the system refuses, the threads stay as they are: it is a courtesy, not a condition.
#include "base/thread_share.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace citiverse::base {
namespace {

constexpr std::uint64_t kForwardSliceNs = 400'000;

// sched_setattr(2): the system's header for it cannot stand beside sched.h.
struct SchedulingAttributes {
  std::uint32_t size = sizeof(SchedulingAttributes);
  std::uint32_t policy = SCHED_OTHER;
  std::uint64_t flags = 1;  // SCHED_FLAG_RESET_ON_FORK.
  std::int32_t niceness = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0;  // Of an ordinary thread: its slice (Linux 6.12).
  std::uint64_t deadline_ns = 0;
  std::uint64_t period_ns = 0;
};

}  // namespace

void step_forward() {
  if (::sched_getscheduler(0) != SCHED_OTHER) return;
  SchedulingAttributes attributes;
  attributes.runtime_ns = kForwardSliceNs;
  attributes.niceness = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
  ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

void step_back(int niceness) {
  if (niceness <= 0) return;
  const sched_param none{};
  ::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &none);
  const auto thread = static_cast<id_t>(::gettid());
  ::setpriority(PRIO_PROCESS, thread, ::getpriority(PRIO_PROCESS, thread) + niceness);
}

}  // namespace citiverse::base
