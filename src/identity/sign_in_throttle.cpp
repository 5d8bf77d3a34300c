// Each limit is one count under one key; a key says which limit and of whom.
#include "identity/sign_in_throttle.h"

#include <cstring>

#include <fmt/format.h>

#include "base/log.h"
#include "base/random.h"
#include "identity/account_rows.h"
#include "storage/rows.h"

namespace citiverse::identity {
namespace {

std::chrono::seconds wait_after(int failures) {
  if (failures <= kFreeFailures) return std::chrono::seconds{0};
  const int doublings = std::min(failures - kFreeFailures - 1, 10);
  return std::min(kLongestWait, kFirstWait * (1 << doublings));
}

}  // namespace

std::uint64_t SignInThrottle::key_of(Limit limit, std::uint64_t a, std::uint64_t b) const {
  // An address must not be read from what is kept, so without the node's key a key says nothing.
  if (surroundings_ != nullptr) {
    const std::string hash =
        keyed_hash(*surroundings_, "sign-in limit", fmt::format("{}.{}.{}", static_cast<std::uint64_t>(limit), a, b));
    std::uint64_t key = 0;
    std::memcpy(&key, hash.data(), std::min(hash.size(), sizeof key));
    return key;
  }
  return base::mix64(base::mix64(base::mix64(static_cast<std::uint64_t>(limit)) ^ a) ^ b);
}

// The counts that an attempt falls under; a known device has its own only.
std::vector<SignInThrottle::Count> SignInThrottle::counts_of(const SignInAttempt& attempt) const {
  if (attempt.device != 0) return {{key_of(Limit::device, attempt.subject, attempt.device), kAccountWindow, 0}};
  return {{key_of(Limit::place, attempt.subject, attempt.address), kAccountWindow, 0},
          {key_of(Limit::address, attempt.address), kAddressWindow, kAddressFailuresMax},
          {key_of(Limit::account, attempt.subject), kAccountWindow, kAccountFailuresMax},
          {key_of(Limit::node), kNodeWindow, kNodeFailuresMax}};
}

base::Result<void> SignInThrottle::load() {
  const std::scoped_lock hold(mutex_);
  auto read = store_->read([&](storage::Database& database) {
    return storage::each_row(
        database, "SELECT key, failures, window_end, wait_until FROM sign_in_failures WHERE window_end > ? LIMIT ?",
        [&](const storage::Statement& row) {
          failures_[static_cast<std::uint64_t>(row.integer(0))] = {.count = static_cast<int>(row.integer(1)),
                                                                   .window_end = Time{std::chrono::seconds{row.integer(2)}},
                                                                   .wait_until = Time{std::chrono::seconds{row.integer(3)}}};
        },
        seconds_of(surroundings_->now()), kThrottledMax);
  });
  if (!read) return std::unexpected(read.error());
  return {};
}

base::Result<void> SignInThrottle::sweep() {
  if (store_ == nullptr) return {};
  const std::scoped_lock hold(mutex_);
  auto swept = store_->write([&](storage::Database& database) {
    return storage::execute(database, "DELETE FROM sign_in_failures WHERE window_end <= ?", seconds_of(surroundings_->now()));
  });
  if (!swept) return std::unexpected(swept.error());
  return {};
}

// What is not there any more is deleted. Where the disk fails the count stands in memory: nobody could sign in then anyway.
void SignInThrottle::keep(std::span<const std::uint64_t> keys) {
  if (store_ == nullptr) return;
  const auto kept = store_->write([&](storage::Database& database) -> base::Result<void> {
    for (const std::uint64_t key : keys) {
      const auto found = failures_.find(key);
      const auto done =
          found == failures_.end()
              ? storage::execute(database, "DELETE FROM sign_in_failures WHERE key = ?", static_cast<std::int64_t>(key))
              : storage::execute(database,
                                 "INSERT OR REPLACE INTO sign_in_failures (key, failures, window_end, wait_until) "
                                 "VALUES (?, ?, ?, ?)",
                                 static_cast<std::int64_t>(key), found->second.count, seconds_of(found->second.window_end),
                                 seconds_of(found->second.wait_until));
      if (!done) return std::unexpected(done.error());
    }
    return {};
  });
  if (!kept) base::log(base::LogLevel::warning, "sign_in_count_not_kept", {{"reason", std::string_view(kept.error().message)}});
}

void SignInThrottle::keep_counts(const std::vector<Count>& counts) {
  std::vector<std::uint64_t> keys;
  for (const Count& count : counts) keys.push_back(count.key);
  keep(keys);
}

SignInThrottle::Failures& SignInThrottle::failures_of(std::uint64_t key, std::chrono::seconds window, Time now) {
  Failures& failures = failures_[key];
  if (now >= failures.window_end) failures = {.count = 0, .window_end = now + window, .wait_until = {}};
  return failures;
}

std::optional<std::chrono::seconds> SignInThrottle::take(const SignInAttempt& attempt, Time now) {
  const std::scoped_lock hold(mutex_);
  if (failures_.size() >= kThrottledMax) make_room(now);
  const std::vector<Count> counts = counts_of(attempt);
  std::chrono::seconds wait{0};
  for (const Count& count : counts) {
    const Failures& failures = failures_of(count.key, count.window, now);
    if (count.failures_max == 0)
      wait = std::max(wait, failures.wait_until - now);
    else if (failures.count >= count.failures_max)
      wait = std::max(wait, failures.window_end - now);
  }
  if (wait > std::chrono::seconds{0}) return wait;
  for (const Count& count : counts) {
    Failures& failures = failures_of(count.key, count.window, now);
    ++failures.count;
    if (count.failures_max == 0) failures.wait_until = now + wait_after(failures.count);
  }
  keep_counts(counts);
  return std::nullopt;
}

void SignInThrottle::give_back(const std::vector<Count>& counts, Time now) {
  for (const Count& count : counts) {
    Failures& failures = failures_of(count.key, count.window, now);
    failures.count = std::max(0, failures.count - 1);
    if (count.failures_max == 0) failures.wait_until = {};
  }
}

void SignInThrottle::succeeded(const SignInAttempt& attempt, Time now) {
  const std::scoped_lock hold(mutex_);
  const std::vector<Count> counts = counts_of(attempt);
  give_back(counts, now);
  // What counted against this person is forgotten; what counts against the address is not, or an attacker would sign in to an
  // account of their own in between.
  std::vector<std::uint64_t> changed{key_of(Limit::account, attempt.subject),
                                     key_of(Limit::place, attempt.subject, attempt.address),
                                     key_of(Limit::device, attempt.subject, attempt.device)};
  for (const std::uint64_t key : changed) failures_.erase(key);
  for (const Count& count : counts) changed.push_back(count.key);
  keep(changed);
}

void SignInThrottle::not_tried(const SignInAttempt& attempt, Time now) {
  const std::scoped_lock hold(mutex_);
  const std::vector<Count> counts = counts_of(attempt);
  give_back(counts, now);
  keep_counts(counts);
}

std::optional<std::chrono::seconds> SignInThrottle::take_new_account(std::uint64_t address, Time now) {
  const std::scoped_lock hold(mutex_);
  if (failures_.size() >= kThrottledMax) make_room(now);
  const std::uint64_t key = key_of(Limit::new_accounts, address);
  Failures& made = failures_of(key, kAddressWindow, now);
  if (made.count >= kNewAccountsMax) return made.window_end - now;
  ++made.count;
  keep(std::span(&key, 1));
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
