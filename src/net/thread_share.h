// Which of this program's threads go first where the machine has less than all of them want.
#pragma once

namespace citiverse::net {

/// The calling thread runs soon after it wakes and before others: for work in short pieces on a fixed beat. Both by niceness,
/// where the system lets this program do so (CAP_SYS_NICE or RLIMIT_NICE), and by a short slice, which needs no permission
/// (Linux 6.12; earlier ones take no notice). A thread with a policy of its own, such as real-time, keeps it.
void step_forward();

/// The calling thread waits for others: for long work in the background. Nothing where `niceness` is 0 or the system refuses.
void step_back(int niceness);

}  // namespace citiverse::net
