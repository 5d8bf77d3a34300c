// From what lives to what was: every change of the store becomes points of history.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "twin/history/history.h"
#include "twin/store.h"

namespace citiverse::twin::history {

/// What could not be kept, because the disk refused.
struct FeedFigures {
  std::atomic<std::uint64_t> changes = 0;
  std::atomic<std::uint64_t> lost = 0;
};

/// A store and what was in it. The store ends first, since its thread tells history until then.
struct StoreWithHistory {
  std::unique_ptr<History> history;
  std::unique_ptr<Store> store;
};

/// Both as the folder holds them (history in `options.folder`), in step with each other: what the store had acknowledged when
/// the process before this one died is in history then, each value once. feed_history() is yet to be called. Fails: as both do.
base::Result<StoreWithHistory> open_with_history(Store::Clock clock, Durability durability, const std::filesystem::path& folder,
                                                 const Options& options, journal::Recovered& recovered,
                                                 std::size_t log_bytes = journal::kLogBytes);

/// Keeps all changes from now on. An attribute counts at its observedAt, or at its modifiedAt where there is none; that it was
/// deleted, alone or with its entity, is an event. `history` must outlive the store's listening; add before the first write.
std::shared_ptr<const FeedFigures> feed_history(Store& store, History& history);

/// Keeps what lives and is newer than what history knows: what a process that died had not handed over. Only before serving.
/// Fails: limit, unavailable.
base::Result<void> catch_up(const Store& store, History& history);

}  // namespace citiverse::twin::history
