// Exponentials are taken of differences to the greatest, so that no utility is too great for them.
#include "sim/demand/mode_choice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/check.h"

namespace citiverse::sim {
namespace {

constexpr double kNotThere = -std::numeric_limits<double>::infinity();

}  // namespace

base::Result<ModeChoice> ModeChoice::of(std::size_t modes, std::vector<ModeNest> nests) {
  if (modes > kModesMax)
    return base::fail(base::ErrorCode::limit, fmt::format("{} alternatives; at most {} are taken", modes, kModesMax));
  ModeChoice choice;
  choice.modes_ = modes;
  std::vector<std::uint32_t> seen(modes);
  for (std::size_t i = 0; i < nests.size(); ++i) {
    const ModeNest& nest = nests[i];
    if (!(nest.scale > 0 && nest.scale <= 1)) {
      return base::fail(base::ErrorCode::bad_input,
                        fmt::format("nest {} has scale {}; it must be above 0 and at most 1", i, nest.scale));
    }
    for (const std::uint32_t mode : nest.modes) {
      if (mode >= modes || seen[mode]++ > 0) {
        return base::fail(base::ErrorCode::bad_input, fmt::format("nest {} names alternative {}, which {}", i, mode,
                                                                  mode >= modes ? "does not exist" : "is in a nest already"));
      }
      choice.members_.push_back(mode);
    }
    const auto end = static_cast<std::uint32_t>(choice.members_.size());
    choice.nests_.push_back({.first = static_cast<std::uint32_t>(end - nest.modes.size()), .end = end, .scale = nest.scale});
  }
  if (const auto missing = std::ranges::find(seen, 0u); missing != seen.end()) {
    return base::fail(base::ErrorCode::bad_input, fmt::format("alternative {} is in no nest", missing - seen.begin()));
  }
  return choice;
}

double ModeChoice::choose(std::span<const double> utilities, std::span<double> shares) const {
  CITIVERSE_CHECK(utilities.size() == modes_ && shares.size() == modes_, "one utility and one share an alternative");
  std::array<double, kModesMax> logsums{};
  double best = kNotThere;
  for (std::size_t n = 0; n < nests_.size(); ++n) {
    const Nest& nest = nests_[n];
    double greatest = kNotThere;
    for (std::uint32_t i = nest.first; i < nest.end; ++i) greatest = std::max(greatest, utilities[members_[i]]);
    logsums[n] = kNotThere;
    if (greatest == kNotThere) {
      for (std::uint32_t i = nest.first; i < nest.end; ++i) shares[members_[i]] = 0;
      continue;
    }
    double sum = 0;
    for (std::uint32_t i = nest.first; i < nest.end; ++i)
      sum += shares[members_[i]] = std::exp((utilities[members_[i]] - greatest) / nest.scale);
    for (std::uint32_t i = nest.first; i < nest.end; ++i) shares[members_[i]] /= sum;
    logsums[n] = greatest + nest.scale * std::log(sum);
    best = std::max(best, logsums[n]);
  }
  if (best == kNotThere) return kNotThere;
  double sum = 0;
  for (std::size_t n = 0; n < nests_.size(); ++n) sum += std::exp(logsums[n] - best);
  for (std::size_t n = 0; n < nests_.size(); ++n) {
    const double share = std::exp(logsums[n] - best) / sum;
    for (std::uint32_t i = nests_[n].first; i < nests_[n].end; ++i) shares[members_[i]] *= share;
  }
  return best + std::log(sum);
}

}  // namespace citiverse::sim
