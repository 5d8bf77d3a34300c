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

/// Keeps all changes from now on. An attribute counts at its observedAt, or at its modifiedAt where there is none; that it was
/// deleted, alone or with its entity, is an event. `history` must outlive the store's listening; add before the first write.
std::shared_ptr<const FeedFigures> feed_history(Store& store, History& history);

/// Keeps what lives and is newer than what history knows: what a process that died had not handed over. Only before serving.
/// Fails: limit, unavailable.
base::Result<void> catch_up(const Store& store, History& history);

}  // namespace citiverse::twin::history
