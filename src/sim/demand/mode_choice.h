// How people go when there are several ways: each is taken the more, the less it costs; like ones share what they take.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace citiverse::sim {

inline constexpr std::size_t kModesMax = 64;

/// A group of alternatives that are more like one another than like the rest ("bus, rail"), or one alternative alone.
struct ModeNest {
  std::vector<std::uint32_t> modes;  ///< Numbers of alternatives; each stands in one nest.
  /// 0 < scale ≤ 1: how far the group's alternatives differ; 1: as much as any others, 0 would make them one.
  double scale = 1;
};

/// A nested logit of two levels; of nests with scale 1, a multinomial logit. Source: McFadden 1974, Conditional logit analysis;
/// Williams 1977, doi:10.1068/a090285; Train 2009, Discrete Choice Methods with Simulation, 4.2 (normalised at the top: scale
/// is the dissimilarity parameter, and utilities stand as they are). Threads: one may be used by many.
class ModeChoice {
 public:
  /// Fails: bad_input with the nest's number for a scale outside (0, 1], and where an alternative is in no nest or in two;
  /// limit.
  static base::Result<ModeChoice> of(std::size_t modes, std::vector<ModeNest> nests);

  std::size_t modes() const { return modes_; }

  /// Writes each alternative's share into `shares`; they sum to 1. An alternative that is not there has utility −infinity, and
  /// share 0. Returns the logsum: the expected greatest utility, in the unit of the utilities; −infinity, and all shares 0,
  /// where no alternative is there. No allocation; never overflows.
  double choose(std::span<const double> utilities, std::span<double> shares) const;

 private:
  struct Nest {
    std::uint32_t first = 0;  // Of members_.
    std::uint32_t end = 0;
    double scale = 1;
  };
  std::size_t modes_ = 0;
  std::vector<Nest> nests_;
  std::vector<std::uint32_t> members_;
};

}  // namespace citiverse::sim
