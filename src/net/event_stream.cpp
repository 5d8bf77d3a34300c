// The wake-up is dropped under the same lock under which it is called, so none comes after the end.
#include "net/event_stream.h"

#include <utility>

namespace citiverse::net {

void EventStream::wake() {
  if (is_woken_.exchange(true)) return;
  const std::lock_guard lock(mutex_);
  if (wake_) wake_();
}

void EventStream::begin(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void EventStream::take_again(std::string& out) {
  is_woken_.store(false);  // Before taking: what comes meanwhile wakes again.
  take(out);
}

void EventStream::end() {
  {
    const std::lock_guard lock(mutex_);
    wake_ = nullptr;
    if (std::exchange(has_ended_, true)) return;
  }
  ended();
}

void append_event(std::string& out, std::string_view name, std::string_view data) {
  out += "event: ";
  out += name;
  out += "\ndata: ";
  out += data;
  out += "\n\n";
}

}  // namespace citiverse::net
