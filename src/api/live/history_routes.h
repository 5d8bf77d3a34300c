// The addresses at which people and their tools read how a value was: for charts by steps, and value by value to take away.
#pragma once

#include "net/router.h"
#include "twin/history/history.h"
#include "twin/store.h"

namespace citiverse::api {

inline constexpr std::size_t kHistoryStepsMax = 2'000;        ///< Of one chart.
inline constexpr std::size_t kHistoryExportRowsMax = 20'000;  ///< Of one page of an export; a Link leads to the next.

/// GET /api/v1/live/history and GET /api/v1/live/history/export, of the default tenant. What is passed must outlive the router.
void add_history_routes(net::Router& router, const twin::Store& store, const twin::history::History& history);

}  // namespace citiverse::api
