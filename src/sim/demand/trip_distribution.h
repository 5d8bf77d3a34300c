// Who goes where: trips that begin in each zone, shared out over the zones where they may end.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "sim/model_run.h"

namespace citiverse::sim {

inline constexpr std::size_t kDemandZonesMax = 10'000;

/// Rows are where trips begin, columns where they end; zones × zones numbers, row by row.
struct TripTable {
  std::size_t zones = 0;
  std::vector<double> trips;

  double at(std::size_t from, std::size_t to) const { return trips[from * zones + to]; }
  std::span<const double> row(std::size_t from) const { return std::span(trips).subspan(from * zones, zones); }
};

struct BalanceOptions {
  double error_max = 1e-6;  ///< Of any row's or column's sum, as a part of it.
  std::uint32_t rounds_max = 500;
};

struct Balanced {
  TripTable table;
  std::uint32_t rounds = 0;
  double error = 0;              ///< The greatest that is left: rows and columns are scaled to sums that agree.
  double unserved_from = 0;      ///< Trips that begin where no zone can be reached; in no cell.
  double unserved_to = 0;        ///< Trips that should end where nobody can come from; in no cell.
  double destination_scale = 1;  ///< What the sums of columns were multiplied by, so that as many trips end as begin.
};

/// Scales rows and columns of a table until they sum to `from` and `to`: iterative proportional fitting, doubly constrained.
/// Where both sums differ, `to` is scaled to `from`'s. Source: Furness 1965, Time function iteration, Traffic Engineering and
/// Control 7 (7); Ortúzar & Willumsen 2011, Modelling Transport, 5.2.4. The result is the one table with these sums whose
/// cross-ratios are those of `seed` (Deming & Stephan 1940, doi:10.1214/aoms/1177731829). Deterministic for any number of
/// threads.
/// Fails: bad_input for sizes that disagree and for numbers that are negative or not finite; limit for too many zones; conflict
/// when the run was stopped; unavailable when it does not settle within rounds_max (cells of 0 may
/// leave no such table).
base::Result<Balanced> balance_trips(const TripTable& seed, std::span<const double> from, std::span<const double> to,
                                     const BalanceOptions& options = {}, const ModelRun& run = {});

/// A gravity model: the seed is exp(−beta · minutes), 0 where the time is not finite. `minutes` as a TripTable, `beta` a
/// minute. Source: Wilson 1967, doi:10.1016/0041-1647(67)90035-4. Fails as balance_trips().
base::Result<Balanced> gravity_trips(const TripTable& minutes, std::span<const double> from, std::span<const double> to,
                                     double beta, const BalanceOptions& options = {}, const ModelRun& run = {});

}  // namespace citiverse::sim
