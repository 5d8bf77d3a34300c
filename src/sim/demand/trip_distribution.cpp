// The seed stays as it is while two rows of factors settle; only then it is multiplied, so that a round reads the table once.
#include "sim/demand/trip_distribution.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

namespace citiverse::sim {
namespace {

constexpr double kFactorMax = 1e100;     // Factors that grow so far will not settle: cells of 0 are in their way.
constexpr std::size_t kRowsAtOnce = 64;  // Sums of columns are made of those of such bands, in their order, by any thread.

bool are_amounts(std::span<const double> numbers) {
  return std::ranges::all_of(numbers, [](double number) { return std::isfinite(number) && number >= 0; });
}

base::Result<void> check(const TripTable& seed, std::span<const double> from, std::span<const double> to) {
  if (seed.zones > kDemandZonesMax)
    return base::fail(base::ErrorCode::limit, fmt::format("{} zones; at most {} are taken", seed.zones, kDemandZonesMax));
  if (seed.trips.size() != seed.zones * seed.zones || from.size() != seed.zones || to.size() != seed.zones) {
    return base::fail(base::ErrorCode::bad_input, fmt::format("{} cells, {} origins and {} destinations for {} zones",
                                                              seed.trips.size(), from.size(), to.size(), seed.zones));
  }
  if (!are_amounts(seed.trips) || !are_amounts(from) || !are_amounts(to))
    return base::fail(base::ErrorCode::bad_input, "trips must be numbers of 0 or more, in cells and in sums");
  return {};
}

class Balancer {
 public:
  explicit Balancer(const TripTable& seed)
      : seed_(seed),
        bands_((seed.zones + kRowsAtOnce - 1) / kRowsAtOnce),
        partial_(bands_ * seed.zones),
        by_row_(seed.zones),
        by_column_(seed.zones, 1) {}

  // Rows then sum to `from`; columns sum to columns().
  void fit_rows(std::span<const double> from) {
    tbb::parallel_for(std::size_t{0}, bands_, [&](std::size_t band) {
      double* const sums = partial_.data() + band * seed_.zones;
      std::fill_n(sums, seed_.zones, 0.0);
      const std::size_t end = std::min(seed_.zones, (band + 1) * kRowsAtOnce);
      for (std::size_t row = band * kRowsAtOnce; row < end; ++row) {
        const double* const cells = seed_.trips.data() + row * seed_.zones;
        const double sum = std::inner_product(cells, cells + seed_.zones, by_column_.data(), 0.0);
        by_row_[row] = sum > 0 ? from[row] / sum : 0;
        for (std::size_t column = 0; column < seed_.zones; ++column) sums[column] += by_row_[row] * cells[column];
      }
    });
  }

  // Columns then sum to `to`; returns by how much they were off, the worst of all, as a part; infinity when factors run away.
  double fit_columns(std::span<const double> to) {
    double worst = 0;
    for (std::size_t column = 0; column < seed_.zones; ++column) {
      double sum = 0;
      for (std::size_t band = 0; band < bands_; ++band) sum += partial_[band * seed_.zones + column];
      if (to[column] == 0) {
        if (std::exchange(by_column_[column], 0) > 0 && sum > 0) worst = std::max(worst, 1.0);
        continue;
      }
      worst = std::max(worst, std::abs(sum * by_column_[column] / to[column] - 1));
      by_column_[column] = to[column] / sum;
      if (!(by_column_[column] < kFactorMax)) return std::numeric_limits<double>::infinity();
    }
    return worst;
  }

  TripTable table() const {
    TripTable made{seed_.zones, std::vector<double>(seed_.trips.size())};
    for (std::size_t row = 0; row < seed_.zones; ++row)
      for (std::size_t column = 0; column < seed_.zones; ++column)
        made.trips[row * seed_.zones + column] = by_row_[row] * seed_.at(row, column) * by_column_[column];
    return made;
  }

 private:
  const TripTable& seed_;
  std::size_t bands_;
  std::vector<double> partial_;  // Of each band of rows, the sums of its columns.
  std::vector<double> by_row_;
  std::vector<double> by_column_;
};

// Sums that no cell can hold are taken out and counted.
double take_out(std::vector<double>& sums, const std::vector<std::uint8_t>& can) {
  double out = 0;
  for (std::size_t zone = 0; zone < sums.size(); ++zone) {
    if (can[zone] == 0) out += std::exchange(sums[zone], 0);
  }
  return out;
}

}  // namespace

base::Result<Balanced> balance_trips(const TripTable& seed, std::span<const double> from, std::span<const double> to,
                                     const BalanceOptions& options, const ModelRun& run) {
  if (auto checked = check(seed, from, to); !checked) return std::unexpected(checked.error());
  const std::size_t zones = seed.zones;
  std::vector<std::uint8_t> can_begin(zones), can_end(zones);
  for (std::size_t row = 0; row < zones; ++row) {
    for (std::size_t column = 0; column < zones; ++column) {
      if (seed.at(row, column) > 0 && from[row] > 0 && to[column] > 0) can_begin[row] = can_end[column] = 1;
    }
  }
  Balanced balanced;
  std::vector<double> begins(from.begin(), from.end()), ends(to.begin(), to.end());
  balanced.unserved_from = take_out(begins, can_begin);
  balanced.unserved_to = take_out(ends, can_end);
  const double all_begin = std::accumulate(begins.begin(), begins.end(), 0.0);
  const double all_end = std::accumulate(ends.begin(), ends.end(), 0.0);
  if (all_end > 0) balanced.destination_scale = all_begin / all_end;
  for (double& end : ends) end *= balanced.destination_scale;
  Balancer balancer(seed);
  for (balanced.error = all_begin > 0 ? 1 : 0; balanced.error > options.error_max; ++balanced.rounds) {
    if (run.is_stopped()) return base::fail(base::ErrorCode::conflict, "superseded");
    if (balanced.rounds == options.rounds_max) {
      return base::fail(
          base::ErrorCode::unavailable,
          fmt::format("after {} rounds a zone's trips are still {:.2g} of their sum off; cells of 0 leave no table "
                      "with these sums: let more zones be reached",
                      balanced.rounds, balanced.error));
    }
    balancer.fit_rows(begins);
    balanced.error = balancer.fit_columns(ends);
    run.tell(std::min(1.0, options.error_max / std::max(balanced.error, options.error_max)));
  }
  balanced.table = balancer.table();
  return balanced;
}

base::Result<Balanced> gravity_trips(const TripTable& minutes, std::span<const double> from, std::span<const double> to,
                                     double beta, const BalanceOptions& options, const ModelRun& run) {
  if (!std::isfinite(beta) || beta < 0)
    return base::fail(base::ErrorCode::bad_input, fmt::format("beta is {}; it must be 0 a minute or more", beta));
  TripTable seed{minutes.zones, std::vector<double>(minutes.trips.size())};
  std::ranges::transform(minutes.trips, seed.trips.begin(),
                         [&](double time) { return std::isfinite(time) ? std::exp(-beta * time) : 0; });
  return balance_trips(seed, from, to, options, run);
}

}  // namespace citiverse::sim
