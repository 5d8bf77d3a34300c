// What lived at a moment that is gone: every thing with the values that were the newest then, from history.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "api/live/live_hub.h"
#include "twin/history/history.h"

namespace citiverse::api {

inline constexpr std::chrono::milliseconds kLivePastTime{2'000};  ///< Of looking; then the answer is cut off.

struct PastQuestion {
  LiveInterest interest;
  std::optional<std::string> object;  ///< Only what was tied to this city object.
  twin::TimeUs at_us = 0;
};

struct PastAnswer {
  std::vector<twin::EntityPtr> entities;  ///< In the order in which their history began.
  bool is_truncated = false;
};

/// Of the default tenant. What has no time of its own, such as a sensor's place, and was told only later, is taken as it was
/// first told, if something else was known of the thing by then. Where single values are gone, the roll-up of that time speaks.
/// Cost: reads the places of all things, and the values of those that fit. Fails: corrupt.
base::Result<PastAnswer> things_at(const LiveHub& hub, const twin::history::History& history, const PastQuestion& question);

}  // namespace citiverse::api
