// Each limit is one count under one key; a key says which limit and of whom.
#include "identity/sign_in_throttle.h"

#include "base/random.h"

namespace citiverse::identity {
namespace {

enum class Limit : std::uint64_t { device = 1, place, address, account, node, new_accounts };

std::uint64_t key_of(Limit limit, std::uint64_t a = 0, std::uint64_t b = 0) {
  return base::mix64(base::mix64(base::mix64(static_cast<std::uint64_t>(limit)) ^ a) ^ b);
}

std::chrono::seconds wait_after(int failures) {
  if (failures <= kFreeFailures) return std::chrono::seconds{0};
  const int doublings = std::min(failures - kFreeFailures - 1, 10);
  return std::min(kLongestWait, kFirstWait * (1 << doublings));
}

struct Count {
  std::uint64_t key;
  std::chrono::seconds window;
  int failures_max;  // 0: waits grow instead.
};
// The counts that an attempt falls under; a known device has its own only.
std::array<Count, 4> counts_of(const SignInAttempt& attempt, std::size_t& size) {
  if (attempt.device != 0) {
    size = 1;
    return {{{key_of(Limit::device, attempt.subject, attempt.device), kAccountWindow, 0}, {}, {}, {}}};
  }
  size = 4;
  return {{{key_of(Limit::place, attempt.subject, attempt.address), kAccountWindow, 0},
           {key_of(Limit::address, attempt.address), kAddressWindow, kAddressFailuresMax},
           {key_of(Limit::account, attempt.subject), kAccountWindow, kAccountFailuresMax},
           {key_of(Limit::node), kNodeWindow, kNodeFailuresMax}}};
}

}  // namespace

SignInThrottle::Failures& SignInThrottle::failures_of(std::uint64_t key, std::chrono::seconds window, Time now) {
  Failures& failures = failures_[key];
  if (now >= failures.window_end) failures = {.count = 0, .window_end = now + window, .wait_until = {}};
  return failures;
}

std::optional<std::chrono::seconds> SignInThrottle::take(const SignInAttempt& attempt, Time now) {
  const std::scoped_lock hold(mutex_);
  if (failures_.size() >= kThrottledMax) make_room(now);
  std::size_t size = 0;
  const auto counts = counts_of(attempt, size);
  std::chrono::seconds wait{0};
  for (const Count& count : std::span(counts).first(size)) {
    const Failures& failures = failures_of(count.key, count.window, now);
    if (count.failures_max == 0)
      wait = std::max(wait, failures.wait_until - now);
    else if (failures.count >= count.failures_max)
      wait = std::max(wait, failures.window_end - now);
  }
  if (wait > std::chrono::seconds{0}) return wait;
  for (const Count& count : std::span(counts).first(size)) {
    Failures& failures = failures_of(count.key, count.window, now);
    ++failures.count;
    if (count.failures_max == 0) failures.wait_until = now + wait_after(failures.count);
  }
  return std::nullopt;
}

void SignInThrottle::give_back(const SignInAttempt& attempt, Time now) {
  std::size_t size = 0;
  const auto counts = counts_of(attempt, size);
  for (const Count& count : std::span(counts).first(size)) {
    Failures& failures = failures_of(count.key, count.window, now);
    failures.count = std::max(0, failures.count - 1);
    if (count.failures_max == 0) failures.wait_until = {};
  }
}

void SignInThrottle::succeeded(const SignInAttempt& attempt, Time now) {
  const std::scoped_lock hold(mutex_);
  give_back(attempt, now);
  // What counted against this person is forgotten; what counts against the address is not, or an attacker would sign in to an
  // account of their own in between.
  failures_.erase(key_of(Limit::account, attempt.subject));
  failures_.erase(key_of(Limit::place, attempt.subject, attempt.address));
  failures_.erase(key_of(Limit::device, attempt.subject, attempt.device));
}

void SignInThrottle::not_tried(const SignInAttempt& attempt, Time now) {
  const std::scoped_lock hold(mutex_);
  give_back(attempt, now);
}

std::optional<std::chrono::seconds> SignInThrottle::take_new_account(std::uint64_t address, Time now) {
  const std::scoped_lock hold(mutex_);
  if (failures_.size() >= kThrottledMax) make_room(now);
  Failures& made = failures_of(key_of(Limit::new_accounts, address), kAddressWindow, now);
  if (made.count >= kNewAccountsMax) return made.window_end - now;
  ++made.count;
  return std::nullopt;
}

std::size_t SignInThrottle::size() {
  const std::scoped_lock hold(mutex_);
  return failures_.size();
}

void SignInThrottle::make_room(Time now) {
  std::erase_if(failures_, [&](const auto& each) { return now >= each.second.window_end; });
  // Still full: what has no running wait goes. An attacker with this many addresses runs into the node's own limit instead.
  if (failures_.size() >= kThrottledMax) {
    std::erase_if(failures_,
                  [&](const auto& each) { return now >= each.second.wait_until && each.second.count < kAddressFailuresMax; });
  }
  if (failures_.size() >= kThrottledMax) failures_.clear();
}

}  // namespace citiverse::identity
