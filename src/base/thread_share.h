// Which of this program's threads go first where the machine has less than all of them want.
#pragma once

namespace citiverse::base {

/// The calling thread runs soon after it wakes, and shorter at a time: for work in short pieces on a fixed beat. Its share of
/// the machine stays what it was, and nobody's permission is needed. From Linux 6.12 on; earlier ones take no notice. A thread
/// with a policy of its own, such as real-time, keeps it; threads that it makes are ordinary ones. Source: sched_setattr(2),
/// whose sched_runtime is an ordinary thread's slice.
void step_forward();

/// The calling thread waits for others: for long work in the background. Nothing where `niceness` is 0 or the system refuses.
void step_back(int niceness);

}  // namespace citiverse::base
