// How whoever asks for a model follows and ends it: every run that may last takes one of these.
#pragma once

#include <functional>
#include <stop_token>

namespace citiverse::sim {

/// Given to a model run by its caller. `progress` is called with 0 to 1, from one thread at a time, never backwards, and
/// may be empty. A run that is asked to stop ends soon with ErrorCode::conflict ("superseded"), and changes nothing.
struct ModelRun {
  std::stop_token stop;
  std::function<void(double)> progress;

  bool is_stopped() const { return stop.stop_requested(); }
  void tell(double part) const {
    if (progress) progress(part);
  }
};

}  // namespace citiverse::sim
